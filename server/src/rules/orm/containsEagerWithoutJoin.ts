import { forEachExpr } from "../../python/index.js";
import type { Entity, LoadPath, OrmIndex, OrmSubject, QueryValue, Relationship } from "../../orm/index.js";
import type { FixDraft, Problem, Rule } from "../rule.js";
import { functionAt } from "./edits/syntax.js";
import { nameOf } from "./wording.js";

export const containsEagerWithoutJoin: Rule<OrmSubject> = {
  meta: {
    id: "contains-eager-without-join",
    summary: "`contains_eager` takes related rows from a join that the query does not have.",
    severity: "error",
    enabledByDefault: true,
    languages: ["python"],
    fix: "unsafe",
  },
  docs: {
    whatItDoes:
      "Reports `contains_eager(Order.user)` in a query that joins nothing and names the related entity nowhere else. It is silent where a part of the query could not be read.",
    whyBad:
      "The option only adds the columns of the related table, and with them the table. Without a join each row is paired with every row of that table: the result is wrong and grows with the product of both.",
    bad: "for order in session.scalars(select(Order).options(contains_eager(Order.user))):\n    print(order.user.name)",
    good: "for order in session.scalars(select(Order).join(Order.user).options(contains_eager(Order.user))):\n    print(order.user.name)",
    fixSafety:
      "The fix adds the join, an outer one where rows without a related row are possible. It changes the result, which was wrong before: look whether the rows are those that you want.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html#sqlalchemy.orm.contains_eager"],
  },
  check: function* (subject) {
    const seen = new Set<number>();
    for (const query of subject.sent)
      for (const path of query.options) {
        const relationship = missingJoin(subject.index, query, path);
        if (!relationship || seen.has(path.place.start)) continue;
        seen.add(path.place.start);
        yield problemOf(subject.index, query, path, relationship);
      }
  },
};

function missingJoin(index: OrmIndex, query: QueryValue, path: LoadPath): Relationship | undefined {
  const [first] = path.steps;
  const { flags, joins, targets, site } = query;
  if (first?.loader !== "contains_eager" || first.entity === undefined || path.alias !== undefined) return undefined;
  if (query.uncertain || flags.compound || flags.joined || flags.unreadFilter || joins?.length || targets.length !== 1) return undefined;
  if (path.place.file !== site.file || site.style === "dynamic") return undefined;
  const relationship = index.entities.get(first.entity)?.relationships.get(first.name);
  const target = relationship?.target === undefined ? undefined : index.entities.get(relationship.target);
  if (!relationship || !target || relationship.secondary || query.fixed.some((one) => one.entity === target.id)) return undefined;
  return isNamed(index, query, target) ? undefined : relationship;
}

/** Whether the function around the query names the related entity: a condition may join it (`Order.user_id == User.id`). */
function isNamed(index: OrmIndex, { site }: QueryValue, target: Entity): boolean {
  const facts = index.files.get(site.file)!;
  let named = false;
  forEachExpr(facts.functions[functionAt(facts, site.start)]!.body, (expr) => {
    if (expr.kind !== "name" && expr.kind !== "attribute") return;
    if (index.entity(index.symbols.resolve(site.file, expr))?.id === target.id) named = true;
    // `select_from(...)`, tables and subqueries: what they join is not known here.
    if (expr.kind === "attribute" && (expr.name === "select_from" || expr.name === "__table__" || expr.name === "subquery")) named = true;
  });
  return named;
}

function problemOf(index: OrmIndex, query: QueryValue, path: LoadPath, relationship: Relationship): Problem {
  const name = nameOf(index, relationship);
  const { file, start, end } = path.place;
  return {
    file,
    span: { start, end },
    message: `\`contains_eager(${name})\` takes rows from a join, and the query has none: each row is paired with every \`${relationship.targetName}\`. Join it: \`.${joinText(index, query, relationship)}\`.`,
    certainty: "certain",
    evidence: { level: "code", facts: [`The query joins nothing, and \`${name}\` is to be read from its columns.`] },
    related: [],
    fixes: fixesFor(index, query, relationship),
    anchor: `${query.site.scope}/contains_eager(${name})`,
  };
}

/** An outer join keeps rows that have no related one. */
function joinText(index: OrmIndex, query: QueryValue, relationship: Relationship): string {
  const owner = index.entities.get(relationship.owner);
  const always = relationship.localKeys.length > 0 && relationship.localKeys.every((key) => owner?.columns.get(key)?.notNull);
  const text = query.targets[0]?.text || (owner?.name ?? "");
  return `${always && relationship.collection === false ? "join" : "outerjoin"}(${text}.${relationship.name})`;
}

function fixesFor(index: OrmIndex, query: QueryValue, relationship: Relationship): FixDraft[] {
  const { site, indent } = query;
  if (site.style === "get" || !query.targets[0]?.text) return [];
  const newline = index.files.get(site.file)?.crlf ? "\r\n" : "\n";
  const join = joinText(index, query, relationship);
  const newText = `${indent === undefined ? "" : `${newline}${" ".repeat(indent)}`}.${join}`;
  const edit = { file: site.file, span: { start: site.end, end: site.end }, newText };
  return [{ title: `Join it: .${join} (the result changes)`, applicability: "unsafe", edits: [edit] }];
}
