import { isAsync, type ColumnLoad, type OrmSubject } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";
import { roundName } from "./wording.js";

export const deferredColumnPerRow: Rule<OrmSubject> = {
  meta: {
    id: "deferred-column-per-row",
    summary: "A column that the query leaves out is loaded once per row (N+1 queries).",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python"],
  },
  docs: {
    whatItDoes:
      "Follows the rows of a query with `load_only(...)` or `defer(...)` and reports a column that is read once per row although the option leaves it out. The primary key is always loaded; `undefer` and options that cannot be read are taken into account.",
    whyBad:
      "An attribute that was left out is loaded when it is read, with one query for each row: an option meant to save work costs N round trips.",
    bad: "for user in session.scalars(select(User).options(load_only(User.email))):\n    print(user.email, user.name)",
    good: "for user in session.scalars(select(User).options(load_only(User.email, User.name))):\n    print(user.email, user.name)",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/columns.html#limiting-which-columns-load-with-column-deferral"],
  },
  check: function* (subject) {
    const seen = new Set<string>();
    for (const load of subject.columnLoads) {
      const { origin } = load.owner;
      if (origin.kind !== "query" || isAsync(load.owner)) continue;
      // One missing column of one query is one problem, however often it is read.
      const key = `${origin.query.site.file}:${origin.query.site.start}/${load.owner.entity}.${load.column}`;
      if (!seen.has(key)) yield problemOf(subject, load, origin.query.site);
      seen.add(key);
    }
  },
};

const causes: Readonly<Record<ColumnLoad["leftOutBy"], { leftOut: string; advice: string }>> = {
  load_only: { leftOut: "is left out by `load_only(...)`", advice: "Add it to `load_only(...)`" },
  defer: { leftOut: "is left out by `defer(...)`", advice: "Do not defer it here" },
  mapping: { leftOut: "is deferred by its mapping", advice: "Add `undefer(...)` to the query" },
  inheritance: {
    leftOut: "belongs to a subclass of the entity that the query asks for",
    advice: "Add `selectin_polymorphic(...)` to the query or ask for `with_polymorphic(...)`",
  },
};

function problemOf({ index }: OrmSubject, load: ColumnLoad, site: { file: string; start: number; end: number }): Problem {
  const name = `${index.entities.get(load.owner.entity)?.name ?? "?"}.${load.column}`;
  const { leftOut, advice } = causes[load.leftOutBy];
  return {
    file: load.file,
    span: load.span,
    message: `\`${name}\` ${leftOut} and loaded once per ${roundName(load.iteration.target, "row")}: each row sends one more query. ${advice}.`,
    certainty: "certain",
    evidence: { level: "code", facts: [`The query loads its rows without \`${load.column}\`.`] },
    related: [
      { file: site.file, span: { start: site.start, end: site.end }, message: `The rows are loaded here, without \`${load.column}\`.` },
    ],
    fixes: [],
    anchor: `${load.scope}/${name}`,
  };
}
