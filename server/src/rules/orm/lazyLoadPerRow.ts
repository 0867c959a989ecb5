import type { OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";
import { loadsOf } from "./causes.js";
import { loadProblem } from "./loadProblem.js";
import { perRow } from "./wording.js";

export const lazyLoadPerRow: Rule<OrmSubject> = {
  meta: {
    id: "lazy-load-per-row",
    summary: "A relationship is loaded lazily once per row (N+1 queries).",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Follows the rows of a query through functions, methods, properties, files, loops, comprehensions and callbacks, and reports a relationship that is read once per row although the query does not load it. It knows the relationship's own `lazy=`, loader options and their chains, rows that came from a parent, and parents that the session holds already.",
    whyBad:
      "Each row costs one more round trip to the database: 1 query becomes 1 + N. With 1,000 rows and 1 ms per round trip a page takes a second longer, and the database answers a thousand queries where one or two would do.",
    bad: "for user in session.scalars(select(User)):\n    print(user.orders)",
    good: "for user in session.scalars(select(User).options(selectinload(User.orders))):\n    print(user.orders)",
    fixSafety:
      "The fix adds a loader option to the query. Rows, their order and their number stay the same: `selectinload` (one more query per 500 rows) for collections, `joinedload` (an outer join) for a single related row.",
    references: [
      "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
      "https://docs.sqlalchemy.org/en/20/glossary.html#term-N-plus-one-problem",
    ],
  },
  check: function* (subject) {
    for (const load of loadsOf(subject, "lazy-load-per-row")) yield loadProblem(subject, load, perRow(subject, load));
  },
};
