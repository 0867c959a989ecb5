import type { Counted, LazyLoad, OrmSubject } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";
import { loadsOf } from "./causes.js";
import { certaintyOf } from "./certainty.js";
import { problemWith } from "./loadProblem.js";
import { isDirect, tell } from "./story.js";
import { nameOf } from "./wording.js";

export const countByLoading: Rule<OrmSubject> = {
  meta: {
    id: "count-by-loading",
    summary: "Rows are loaded only to be counted.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python", "jinja"],
    fix: "unsafe",
  },
  docs: {
    whatItDoes:
      "Reports `len(user.orders)` (in templates `user.orders|length`) once per row where the collection is loaded for nothing else, and `len(query.all())`.",
    whyBad:
      "Every row travels to Python and becomes an object, only for its number. The database can count in its index, and for all parents in one statement.",
    bad: "for user in session.scalars(select(User)):\n    print(len(user.orders))",
    good: "counts = select(Order.user_id, func.count()).group_by(Order.user_id)\nfor user_id, orders in session.execute(counts):\n    print(orders)",
    fixSafety:
      "`len(query.all())` becomes `query.count()`. It is unsafe because a query with joins may give an entity several times, which `all()` shows once and `count()` counts each time.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/query.html#sqlalchemy.orm.Query.count"],
  },
  check: function* (subject) {
    for (const load of loadsOf(subject, "count-by-loading")) yield perRow(subject, load);
    for (const counted of subject.counted) yield ofQuery(subject, counted);
  },
};

function perRow(subject: OrmSubject, load: LazyLoad): Problem {
  const name = nameOf(subject.index, load.relationship);
  const only = isDirect(load) ? " only to be counted" : ", only to be counted";
  const said = {
    certainty: certaintyOf(subject.index, load),
    message: [
      ...tell(subject, load),
      `${only}: each row sends a query and turns its rows into objects. Count them for all rows in one statement (\`select(..., func.count()).group_by(...)\`) or with a \`column_property\`.`,
    ],
    fact: `\`${name}\` is loaded lazily and only its length is used.`,
    fixes: [],
  };
  return problemWith(subject, load, said, "len");
}

function ofQuery(subject: OrmSubject, counted: Counted): Problem {
  const { file, span, argument, query } = counted;
  const isHere = query.site.file === file && query.site.scope === counted.scope;
  // `len(` … `.all())` → ….count()
  const all = ".all()".length;
  const edits = [
    { file, span: { start: span.start, end: argument.start }, newText: "" },
    { file, span: { start: argument.end - all, end: span.end }, newText: ".count()" },
  ];
  const [target] = query.targets;
  const entity = target?.value.kind === "entityClass" ? (subject.index.entities.get(target.value.entity)?.name ?? "") : "";
  return {
    file,
    span,
    message: `All \`${entity}\` rows of this query are loaded only to be counted. Let the database count them: \`.count()\`.`,
    certainty: isHere ? "certain" : "likely",
    evidence: { level: "code", facts: ["The list is used for nothing but its length."] },
    related: isHere
      ? []
      : [{ file: query.site.file, span: { start: query.site.start, end: query.site.end }, message: "The rows are loaded here." }],
    fixes:
      counted.plainAll && query.site.style !== "select"
        ? [{ title: "Count in the database: .count()", applicability: "unsafe", edits }]
        : [],
    anchor: `${counted.scope}/len(${entity})`,
  };
}
