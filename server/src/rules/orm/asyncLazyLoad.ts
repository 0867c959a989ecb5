import { isAsync, type LazyLoad, type OrmSubject } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";
import { certaintyOf } from "./certainty.js";
import { fixFor } from "./edits/options.js";
import { nameOf, originPlaces, sentFor } from "./wording.js";

export const asyncLazyLoad: Rule<OrmSubject> = {
  meta: {
    id: "async-lazy-load",
    summary: "A relationship is loaded lazily from an AsyncSession's row, which raises MissingGreenlet.",
    severity: "error",
    enabledByDefault: true,
    languages: ["python"],
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
    for (const load of subject.loads) if (isAsync(load.owner) && !load.raises) yield problemOf(subject, load);
  },
};

function problemOf(subject: OrmSubject, load: LazyLoad): Problem {
  const name = nameOf(subject.index, load.relationship);
  const certainty = certaintyOf(subject.index, load);
  // Where the rows may be loaded with it already, adding it again is a guess.
  const fix = certainty === "possible" ? undefined : fixFor(subject, load);
  const advice = fix
    ? `Load it with the query: \`.options(${fix.option})\`.`
    : "Load it with the query, or read it with `await obj.awaitable_attrs`.";
  return {
    file: load.file,
    span: load.span,
    message: `\`${name}\` is not loaded, and an AsyncSession cannot load it when it is read: this raises MissingGreenlet. ${advice}`,
    certainty,
    evidence: { level: "code", facts: [`The row was loaded by an AsyncSession without \`${name}\`, which is loaded lazily.`] },
    related: originPlaces(load),
    fixes: fix
      ? [
          {
            title: `Load \`${name}\` with the query: ${fix.option}`,
            applicability: fix.safe && certainty === "certain" ? "safe" : "unsafe",
            edits: fix.edits,
          },
        ]
      : [],
    sends: sentFor(subject.index, load.relationship),
    anchor: `${load.scope}/${name}`,
  };
}
