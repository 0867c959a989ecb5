import type { LazyLoad, OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";
import { loadsOf } from "./causes.js";
import { loadProblem } from "./loadProblem.js";
import { loaderWord, nameOf } from "./wording.js";

export const missingEagerLoadRaise: Rule<OrmSubject> = {
  meta: {
    id: "missing-eager-load-raise",
    summary: "A relationship that must not be loaded lazily is read from rows that lack it, which raises an error.",
    severity: "error",
    enabledByDefault: true,
    languages: ["python", "jinja"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      'Reports a relationship with `lazy="raise"` or `lazy="raise_on_sql"`, or under `raiseload(...)`, that is read from rows of a query which does not load it: in the function, in functions that it calls, in properties, schemas and templates.',
    whyBad:
      "The mapping or the query forbids the lazy load, so reading the relationship raises `InvalidRequestError`: often only for rows that no test has.",
    bad: 'for user in session.scalars(select(User).options(raiseload("*"))):\n    print(user.orders)',
    good: 'for user in session.scalars(select(User).options(selectinload(User.orders), raiseload("*"))):\n    print(user.orders)',
    fixSafety:
      "The fix adds a loader option to the query. It is unsafe where `raiseload` names the relationship itself, which the fix replaces, and where other code gets its rows from the same function.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html#preventing-unwanted-lazy-loads-using-raiseload"],
  },
  check: function* (subject) {
    for (const load of loadsOf(subject, "missing-eager-load-raise"))
      yield loadProblem(subject, load, {
        cost: `: ${forbiddenBy(load)} makes this raise InvalidRequestError.`,
        fact: `\`${nameOf(subject.index, load.relationship)}\` may not be loaded lazily, and nothing on the way loads it before.`,
        otherwise: `Load it where the rows are loaded, with \`${loaderWord(load.relationship)}\`.`,
      });
  },
};

const forbiddenBy = ({ relationship }: LazyLoad) =>
  relationship.loading === "raise" ? `\`lazy="${relationship.lazy ?? "raise"}"\`` : "`raiseload`";
