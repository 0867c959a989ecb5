import type { OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";
import { loadsOf } from "./causes.js";
import { loadProblem } from "./loadProblem.js";
import { nameOf } from "./wording.js";

export const asyncLazyLoad: Rule<OrmSubject> = {
  meta: {
    id: "async-lazy-load",
    summary: "A relationship is loaded lazily from an AsyncSession's row, which raises MissingGreenlet.",
    severity: "error",
    enabledByDefault: true,
    languages: ["python", "jinja"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Reports a relationship that is read from an instance which an AsyncSession loaded without it. It is silent where `awaitable_attrs`, `refresh(obj, [...])` or a loader option has loaded it.",
    whyBad:
      "A lazy load needs a query, and an attribute cannot be awaited: SQLAlchemy raises `MissingGreenlet` at run time, often only for rows that no test has.",
    bad: "async def report(session: AsyncSession):\n    user = (await session.scalars(select(User))).one()\n    print(user.orders)",
    good: "async def report(session: AsyncSession):\n    user = (await session.scalars(select(User).options(selectinload(User.orders)))).one()\n    print(user.orders)",
    fixSafety: "The fix adds a loader option to the query. Rows, their order and their number stay the same.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html#preventing-implicit-io-when-using-asyncsession"],
  },
  check: function* (subject) {
    for (const load of loadsOf(subject, "async-lazy-load")) {
      const name = nameOf(subject.index, load.relationship);
      yield loadProblem(subject, load, {
        cost: ": an AsyncSession cannot load it when it is read, which raises MissingGreenlet.",
        fact: `The row was loaded by an AsyncSession without \`${name}\`, which is loaded lazily.`,
        otherwise: "Load it with the query, or read it with `await obj.awaitable_attrs`.",
      });
    }
  },
};
