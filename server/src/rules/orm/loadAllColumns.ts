import type { OrmSubject, RowUse } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";

/** Below this many columns a narrower SELECT gains nothing. */
const wide = 8;

export const loadAllColumns: Rule<OrmSubject> = {
  meta: {
    id: "load-all-columns",
    summary: "Whole entities are loaded where a few columns are used.",
    severity: "info",
    enabledByDefault: false,
    languages: ["python"],
  },
  docs: {
    whatItDoes: `Reports a query for an entity of ${wide} or more columns whose rows never leave the function and of which at most a quarter of the columns is read.`,
    whyBad:
      "Every column is read, sent and turned into an attribute of a tracked object. Selecting the columns themselves gives plain rows, and may be answered from an index alone.",
    bad: "for user in session.scalars(select(User)):\n    print(user.email)",
    good: "for email in session.scalars(select(User.email)):\n    print(email)",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/columns.html#sqlalchemy.orm.load_only"],
  },
  check: function* (subject) {
    for (const use of subject.uses) {
      const problem = problemOf(subject, use);
      if (problem) yield problem;
    }
  },
};

function problemOf(subject: OrmSubject, { query, columns, escapes }: RowUse): Problem | undefined {
  const [target] = query.targets;
  if (escapes || columns.size === 0 || query.targets.length !== 1 || target?.value.kind !== "entityClass") return undefined;
  const entity = subject.index.entities.get(target.value.entity)!;
  const stored = [...entity.columns.values()].filter((column) => !column.computed && !column.deferred).length;
  if (stored < wide || columns.size * 4 > stored || query.options.some((path) => path.only) || query.site.file !== subject.file)
    return undefined;
  const names = [...columns].sort().map((column) => `\`${column}\``);
  return {
    file: query.site.file,
    span: { start: query.site.start, end: query.site.end },
    message: `All ${stored} columns of \`${entity.name}\` are loaded, and only ${names.join(", ")} ${columns.size === 1 ? "is" : "are"} used. Select ${columns.size === 1 ? "that column" : "those columns"}, or add \`load_only(...)\`.`,
    certainty: query.uncertain ? "possible" : "likely",
    evidence: { level: "code", facts: [`Columns read: ${[...columns].sort().join(", ")}.`] },
    related: [],
    fixes: [],
    anchor: `${query.site.scope}/${entity.name}`,
  };
}
