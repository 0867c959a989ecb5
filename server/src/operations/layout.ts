import type { TranslatedQuery } from "#protocol/translation";
import { layoutSql } from "../sql/index.js";

/** The same with SQL as a person reads it. What stands in the text stays as it is written there. */
export function laidOut(query: TranslatedQuery, width?: number): TranslatedQuery {
  if (query.written) return query;
  return {
    ...query,
    ...(query.sql === undefined ? {} : { sql: layoutSql(query.sql, width) }),
    ...(query.variants ? { variants: query.variants.map((variant) => ({ ...variant, sql: layoutSql(variant.sql, width) })) } : {}),
    causes: query.causes.map((cause) => ({ ...cause, sql: layoutSql(cause.sql, width) })),
  };
}
