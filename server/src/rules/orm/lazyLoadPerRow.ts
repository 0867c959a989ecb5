import { isAsync, queryOf, type LazyLoad, type OrmSubject } from "../../orm/index.js";
import type { FixDraft, Problem, Rule } from "../rule.js";
import { certaintyOf } from "./certainty.js";
import { fixFor } from "./edits/options.js";
import { nameOf, originPlaces, roundOf, sentFor } from "./wording.js";

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
      "Follows the rows of a query through assignments, loops, comprehensions and callbacks, and reports a relationship that is read once per row although the query does not load it. It knows the relationship's own `lazy=`, loader options and their chains, rows that came from a parent, and parents that the session holds already.",
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
    for (const load of subject.loads) if (load.iteration && load.use === "read" && !load.raises && !isAsync(load.owner)) yield problemOf(subject, load);
  },
};

function problemOf(subject: OrmSubject, load: LazyLoad): Problem {
  const { index } = subject;
  const name = nameOf(index, load.relationship);
  const certainty = certaintyOf(index, load);
  // Where the rows may be loaded with it already, adding it again is a guess.
  const fix = certainty === "possible" ? undefined : fixFor(subject, load);
  const advice = fix
    ? `load it with the query: \`.options(${fix.option})\``
    : `load it where the rows are loaded, with \`${loaderWord(load)}\``;
  const fixes: FixDraft[] = fix
    ? [
        {
          title: `Load \`${name}\` with the query: ${fix.option}`,
          applicability: fix.safe && certainty === "certain" && isOwnQuery(load) ? "safe" : "unsafe",
          edits: fix.edits,
        },
      ]
    : [];
  return {
    file: load.file,
    span: load.span,
    message: `\`${name}\` is loaded once per ${roundOf(load)}: each row sends one more query. To send one for all, ${advice}.`,
    certainty,
    evidence: {
      level: "code",
      facts: [`\`${name}\` is loaded lazily (lazy="${load.relationship.lazy ?? "select"}") and nothing on the way loads it before.`],
    },
    related: originPlaces(load),
    fixes,
    sends: sentFor(index, load.relationship),
    anchor: `${load.scope}/${name}`,
  };
}

/** Another function's query has other callers, which would load it in vain. */
function isOwnQuery(load: LazyLoad): boolean {
  const owners = [load.owner, ...(load.also ?? [])];
  return owners.every((owner) => {
    const site = queryOf(owner)?.site;
    return site?.file === load.file && site.scope === load.scope;
  });
}

const loaderWord = (load: LazyLoad) => (load.relationship.collection ? "selectinload" : "joinedload");
