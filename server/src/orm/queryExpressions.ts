import type { Span } from "#protocol/place";
import type { OrmSubject } from "./analyze.js";
import type { QuerySite, QueryValue } from "./values/value.js";

/** A query expression in the text: its place at its longest, what it selects, and its value for whoever translates it. */
export interface QueryExpression {
  readonly file: string;
  readonly span: Span;
  /** Qualified name of the enclosing function, "" at module level. */
  readonly scope: string;
  readonly style: QuerySite["style"];
  /** Names of the entities that it selects; empty for columns only. */
  readonly entities: readonly string[];
  readonly value: QueryValue;
}

/** The query expressions that stand in a file, in order. */
export function queryExpressions(subject: OrmSubject): QueryExpression[] {
  return subject.queries
    .filter((place) => place.value.site.style !== "dynamic")
    .map(({ file, span, scope, value }) => ({
      file,
      span,
      scope,
      style: value.site.style,
      entities: value.targets.flatMap((target) =>
        target.value.kind === "entityClass" ? (subject.index.entities.get(target.value.entity)?.name ?? []) : [],
      ),
      value,
    }))
    .sort((a, b) => a.span.start - b.span.start);
}
