import type { OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";
import { loadsOf } from "./causes.js";
import { loadProblem } from "./loadProblem.js";
import { loaderWord, nameOf } from "./wording.js";

export const joinIsNotEagerLoad: Rule<OrmSubject> = {
  meta: {
    id: "join-is-not-eager-load",
    summary: "A query joins a relationship, which does not load it: reading it sends one more query per row (N+1 queries).",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python", "jinja"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Reports a relationship that is read once per row where the query goes through the same relationship with `join` or `outerjoin`, and no loader option loads it.",
    whyBad:
      "`join` is for conditions and order: its columns are not selected. The rows come without the related ones, and each row sends one more query for what the database has just joined.",
    bad: 'for order in session.scalars(select(Order).join(Order.user).where(User.city == "Rome")):\n    print(order.user.name)',
    good: 'statement = select(Order).join(Order.user).options(contains_eager(Order.user)).where(User.city == "Rome")\nfor order in session.scalars(statement):\n    print(order.user.name)',
    fixSafety:
      "A single related row is taken from the join (`contains_eager`), which keeps the rows, their order and their number. A collection is loaded with `selectinload`: taken from the join it would hold only what the conditions leave of it.",
    references: [
      "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html#routing-explicit-joins-statements-into-eagerly-loaded-collections",
    ],
  },
  check: function* (subject) {
    for (const load of loadsOf(subject, "join-is-not-eager-load")) {
      const name = nameOf(subject.index, load.relationship);
      yield loadProblem(subject, load, {
        cost: `: the query joins \`${name}\`, but a join loads nothing, and each row sends one more query.`,
        fact: `The query joins \`${name}\` and has no option that loads it.`,
        otherwise: `Load it where the rows are loaded, with \`${load.relationship.collection ? loaderWord(load.relationship) : "contains_eager"}\`.`,
      });
    }
  },
};
