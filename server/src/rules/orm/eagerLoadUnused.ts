import type { LoadPath, OrmSubject, QueryValue, Relationship } from "../../orm/index.js";
import type { FixDraft, Problem, Rule } from "../rule.js";
import { removal } from "./edits/optionCalls.js";
import { isMentioned } from "./mentions.js";
import { titled } from "./loadProblem.js";
import { nameOf } from "./wording.js";

export const eagerLoadUnused: Rule<OrmSubject> = {
  meta: {
    id: "eager-load-unused",
    summary: "An option loads a relationship that nothing reads.",
    severity: "info",
    enabledByDefault: true,
    languages: ["python"],
    fix: "unsafe",
  },
  docs: {
    whatItDoes:
      "Reports `joinedload`, `selectinload`, `subqueryload` or `immediateload` of a relationship that no code of the project reads, under a query whose rows can be followed to their end. It is silent where rows get to code that is not followed: a template, a serializer, an answer of a route, a library.",
    whyBad:
      "The related rows are asked for, sent, and turned into objects, for nothing: a joined one makes each row wider, a collection costs a query of its own.",
    bad: "for user in session.scalars(select(User).options(selectinload(User.orders))):\n    print(user.name)",
    good: "for user in session.scalars(select(User)):\n    print(user.name)",
    fixSafety: "The fix takes the option away. It is unsafe because code outside of the project may read the relationship.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html"],
  },
  check: function* (subject) {
    const seen = new Set<string>();
    for (const query of subject.sent)
      for (const path of query.options) {
        const key = `${path.place.file}:${path.place.start}`;
        const relationship = seen.has(key) ? undefined : unreadBy(subject, query, path);
        seen.add(key);
        if (relationship) yield problemOf(subject, query, path, relationship);
      }
  },
};

const loaders = new Set(["joinedload", "selectinload", "subqueryload", "immediateload"]);

/** What the option loads for nobody. Options that stand elsewhere may serve other queries. */
function unreadBy({ index, lost, relationshipReads }: OrmSubject, query: QueryValue, path: LoadPath): Relationship | undefined {
  const last = path.steps.at(-1);
  const { site, flags } = query;
  if (!last?.entity || !loaders.has(last.loader) || path.sometimes || path.place.file !== site.file || flags.compound) return undefined;
  // `defaultload(…)` before it: what it is loaded with is loaded by something else, or not at all.
  if (path.steps.some((step) => step.loading !== "eager")) return undefined;
  if (query.uncertain || site.style === "dynamic" || site.style === "get" || lost.has(`${site.file}:${site.start}`)) return undefined;
  if (path.only || path.deferred || path.undeferred || path.wildcard || path.groups || path.subclasses) return undefined;
  const goesOn = query.options.some(
    (other) =>
      other !== path && other.steps.length >= path.steps.length && path.steps.every((step, at) => other.steps[at]!.name === step.name),
  );
  const relationship = index.entities.get(last.entity)?.relationships.get(last.name);
  // The mapping loads it anyway: without the option nothing would change.
  if (relationship?.loading === "eager") return undefined;
  if (goesOn || !relationship || relationshipReads.has(`${relationship.owner}.${relationship.name}`)) return undefined;
  // Loaded by the other side: what reads `order.user` needs no query where `user.orders` was loaded.
  const { inverse, target } = relationship;
  if (inverse !== undefined && target !== undefined && relationshipReads.has(`${target}.${inverse}`)) return undefined;
  return isMentioned(index, relationship.name) ? undefined : relationship;
}

function problemOf({ index }: OrmSubject, query: QueryValue, path: LoadPath, relationship: Relationship): Problem {
  const name = nameOf(index, relationship);
  const { file, start, end } = path.place;
  const facts = index.files.get(file);
  const edit = facts && path.steps.length === 1 ? removal(file, facts, path.place) : undefined;
  const fixes: FixDraft[] = edit
    ? [{ title: titled(`Do not load \`${name}\``, ["code outside of the project may read it"]), applicability: "unsafe", edits: [edit] }]
    : [];
  return {
    file,
    span: { start, end },
    message: `\`${name}\` is loaded with these rows, and nothing reads it: its rows are asked for, sent and turned into objects in vain. Take the option away.`,
    certainty: "likely",
    evidence: { level: "code", facts: [`The rows are followed to their end, and no code of the project reads \`${name}\`.`] },
    related: [],
    fixes,
    anchor: `${query.site.scope}/unused(${name})`,
  };
}
