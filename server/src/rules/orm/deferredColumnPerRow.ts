import { isAsync, queryOf, type ColumnLoad, type OrmIndex, type OrmSubject, type QuerySite } from "../../orm/index.js";
import type { FixDraft, Problem, Rule } from "../rule.js";
import { columnFix } from "./edits/columns.js";
import { titled } from "./loadProblem.js";
import { wayTo } from "./story.js";
import { roundName } from "./wording.js";

export const deferredColumnPerRow: Rule<OrmSubject> = {
  meta: {
    id: "deferred-column-per-row",
    summary: "A column that the query leaves out is loaded once per row (N+1 queries).",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python", "jinja"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Follows the rows of a query with `load_only(...)` or `defer(...)` and reports a column that is read once per row although the option, or `deferred=True` of the mapping, leaves it out. The primary key is always loaded; `undefer` and options that cannot be read are taken into account.",
    whyBad:
      "An attribute that was left out is loaded when it is read, with one query for each row: an option meant to save work costs N round trips.",
    bad: "for user in session.scalars(select(User).options(load_only(User.email))):\n    print(user.email, user.name)",
    good: "for user in session.scalars(select(User).options(load_only(User.email, User.name))):\n    print(user.email, user.name)",
    fixSafety:
      "The fix adds the column to `load_only(...)`, takes `defer(...)` away or adds `undefer(...)`: the query reads one more column. It is unsafe where the query stands in another function, whose other callers then read it too.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/columns.html#limiting-which-columns-load-with-column-deferral"],
  },
  check: function* (subject) {
    const seen = new Set<string>();
    for (const load of subject.columnLoads) {
      const site = queryOf(load.owner)?.site;
      if (!site || isAsync(load.owner)) continue;
      // One missing column of one query is one problem, however often it is read.
      const key = `${site.file}:${site.start}/${load.owner.entity}.${load.column}`;
      if (!seen.has(key)) yield problemOf(subject, load, site);
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

function problemOf({ index }: OrmSubject, load: ColumnLoad, site: QuerySite): Problem {
  const name = `${index.entities.get(load.owner.entity)?.name ?? "?"}.${load.column}`;
  const { leftOut, advice } = causes[load.leftOutBy];
  return {
    file: load.file,
    span: load.span,
    message: `\`${name}\` ${leftOut} and loaded once per ${roundName(load.iteration.target, "row")}: each row sends one more query. ${advice}.`,
    // Rows that share a related row ask for its column once.
    certainty: load.owner.origin.kind === "query" ? "certain" : "likely",
    evidence: { level: "code", facts: [`The query loads its rows without \`${load.column}\`.`] },
    related: [
      { file: site.file, span: { start: site.start, end: site.end }, message: `The rows are loaded here, without \`${load.column}\`.` },
      ...wayTo(load),
    ],
    fixes: fixesFor(index, load, site),
    anchor: `${load.scope}/${name}`,
  };
}

function fixesFor(index: OrmIndex, load: ColumnLoad, site: QuerySite): FixDraft[] {
  const fix = load.owner.origin.kind === "query" ? columnFix(index, load) : undefined;
  if (!fix) return [];
  const here = [load, load.iteration, ...load.path].some((one) => one.file === site.file && one.scope === site.scope);
  const reasons = here ? [] : [`all callers of \`${site.scope}\` then load it`];
  return [{ title: titled(fix.title, reasons), applicability: reasons.length ? "unsafe" : "safe", edits: fix.edits }];
}
