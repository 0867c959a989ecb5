import type { KeyRead, LazyLoad, OrmSubject } from "../../orm/index.js";
import type { FixDraft, Problem, Rule } from "../rule.js";
import { loadsOf } from "./causes.js";
import { certaintyOf } from "./certainty.js";
import { problemWith, titled } from "./loadProblem.js";
import { isDirect, tell } from "./story.js";
import { nameOf } from "./wording.js";

export const foreignKeyThroughRelationship: Rule<OrmSubject> = {
  meta: {
    id: "foreign-key-through-relationship",
    summary: "A related row is loaded once per row for its key, which the row holds itself (N+1 queries).",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python", "jinja"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Reports `order.user.id` once per row where `order.user_id` is the foreign key that refers to it, the query does not load `user`, and nothing else of the related row is read.",
    whyBad: "Each row sends a query for a whole related row, only to read from it a value that is in memory already.",
    bad: "for order in session.scalars(select(Order)):\n    print(order.user.id)",
    good: "for order in session.scalars(select(Order)):\n    print(order.user_id)",
    fixSafety:
      "The foreign key has the same value. Where it may be NULL the fix is unsafe: `order.user.id` raises `AttributeError` for such a row, and `order.user_id` is `None`.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/basic_relationships.html#many-to-one"],
  },
  check: function* (subject) {
    for (const load of loadsOf(subject, "foreign-key-through-relationship")) yield problemOf(subject, load, load.keyReads ?? []);
  },
};

function problemOf(subject: OrmSubject, load: LazyLoad, reads: readonly KeyRead[]): Problem {
  const name = nameOf(subject.index, load.relationship);
  const certainty = certaintyOf(subject.index, load);
  const local = reads[0]?.local ?? "";
  const key = `${name.slice(0, name.lastIndexOf("."))}.${local}`;
  const only = isDirect(load) ? "" : ", ";
  return problemWith(subject, load, {
    certainty,
    message: [
      ...tell(subject, load),
      `${only || " "}only for its key: each row sends one more query for a value that \`${key}\` holds already. Read \`${local}\`.`,
    ],
    fact: `\`${key}\` is the foreign key behind \`${name}\`, and nothing else of the related row is read.`,
    fixes: certainty === "possible" ? [] : fixesFor(reads, load),
  });
}

/** All reads of the cause at once: one that is left would load the row all the same. */
function fixesFor(reads: readonly KeyRead[], { relationship }: LazyLoad): FixDraft[] {
  const edits = reads.flatMap(({ file, span, local }) => (span ? [{ file, span, newText: local }] : []));
  if (edits.length < reads.length) return [];
  const reasons = reads.some((read) => read.nullable) ? [`a row without \`${relationship.name}\` then gives None instead of an error`] : [];
  const [first] = reads;
  return [{ title: titled(`Read \`${first?.local ?? ""}\``, reasons), applicability: reasons.length ? "unsafe" : "safe", edits }];
}
