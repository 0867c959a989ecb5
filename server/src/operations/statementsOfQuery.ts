import type { LocatedStatement } from "#protocol/statement";
import type { TranslatedQuery, TranslatedVariant } from "#protocol/translation";
import { LineIndex } from "../rules/index.js";
import { layoutSql } from "../sql/index.js";
import { parametersOfTranslation } from "./translatedParameters.js";

/** The plan page stands beside the code: more would be broken anywhere. */
const pageWidth = 60;

/** The statements that a query expression may become, as "Explain" takes them. None where it is refused. */
export function statementsOfQuery(query: TranslatedQuery, text: string): { statement: LocatedStatement; when: string }[] {
  const place = { file: query.file, ...new LineIndex(text).range(query.span) };
  return variantsOf(query).map(({ sql, when, parameters, fingerprint }) => ({
    when,
    statement: {
      place,
      sql: layoutSql(sql, pageWidth),
      original: text.slice(query.span.start, query.span.end),
      placeholders: parameters.length > 0 ? "dollar" : "none",
      parameters: parametersOfTranslation(sql, parameters),
      ...(fingerprint === undefined ? {} : { key: fingerprint }),
    },
  }));
}

/** One, several, or none. */
export function variantsOf(query: TranslatedQuery): readonly TranslatedVariant[] {
  if (query.variants) return query.variants;
  if (query.sql === undefined) return [];
  const { sql, parameters = [], fingerprint } = query;
  return [{ sql, when: "", parameters, ...(fingerprint === undefined ? {} : { fingerprint }) }];
}
