import { forEachExpr, partsOf, type Stmt } from "../../python/index.js";
import type { Certainty } from "#protocol/finding";
import { deciding, placedIn, type Commit, type Execution, type OrmSubject } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";
import { behindLoop, loopAround } from "./edits/behindLoop.js";
import { dependence, placesBehind, inLoop, throughOf } from "./loops.js";
import { roundName } from "./wording.js";

export const rowByRowWrite: Rule<OrmSubject> = {
  meta: {
    id: "row-by-row-write",
    summary: "Rows are written one by one, with a statement per round of a loop.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python"],
    fix: "unsafe",
  },
  docs: {
    whatItDoes:
      "Reports `session.execute(insert(...))`, `update(...)`, `delete(...)` (as constructs, as text, or as methods of a query) that a loop sends once per round with other values, itself or through functions, and `session.flush()` after `session.add(...)` in a loop that does not need the new key. It is `possible` at most where the round looks at what its write has done (the number of rows, an `IntegrityError`), further down than the function that the loop calls, in a list that is worked off, and where each round works in batches until nothing is left. A `delete()` without a condition is silent: the round empties a scratch table. `session.add(...)` alone is silent: the unit of work sends its rows in batches.",
    whyBad:
      "Each round waits for the network and for the server. One statement for all, or one with a list of parameters, writes thousands of rows in the time of a few.",
    bad: 'for user_id in user_ids:\n    session.execute(insert(Order).values(user_id=user_id, status="new"))\nsession.commit()',
    good: 'session.execute(insert(Order), [{"user_id": user_id, "status": "new"} for user_id in user_ids])\nsession.commit()',
    fixSafety: "`flush()` moves behind the loop. It is unsafe because code between may count on what the flush wrote.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/dml.html#orm-bulk-insert-statements"],
  },
  check: function* (subject) {
    for (const execution of subject.executions) {
      const certainty = execution.operation === "write" ? inLoop(execution) : undefined;
      if (certainty) yield written(execution, certainty);
    }
    for (const commit of subject.commits) {
      const certainty = commit.flush ? flushedInVain(subject, commit) : undefined;
      if (certainty) yield flushed(subject, commit, certainty);
    }
  },
};

const wordings = {
  insert: { what: "A row is inserted", instead: "Insert all at once: `session.execute(insert(...), [...])` with a list of values." },
  update: {
    what: "An UPDATE is sent",
    instead:
      "Write all at once: one UPDATE with `in_()` where all get the same, else `session.execute(update(...), [...])` with a list of values by primary key.",
  },
  delete: { what: "A DELETE is sent", instead: "Delete all at once: one DELETE with `in_()`." },
  write: {
    what: "A row is written",
    instead: "Write all at once: one statement with a condition for all, or `session.execute(statement, [...])` with a list of values.",
  },
};

function written(execution: Execution, certainty: Certainty): Problem {
  const loop = deciding(execution)!;
  const { file, span, scope } = placedIn(execution);
  const through = throughOf(execution);
  const per = roundName(loop.target, "round");
  const { what, instead } = wordings[execution.verb ?? "write"];
  return {
    file,
    span,
    message: `${what} once per ${per}${through ? `, by \`${through.callee}()\`` : ""}: N rounds cost N round trips. ${instead}`,
    certainty,
    evidence: { level: "code", facts: [`The statement depends on ${dependence(execution, loop)}, which changes in each round.`] },
    related: [
      { file: loop.file, span: { start: loop.start, end: loop.end }, message: "This runs once per round." },
      ...placesBehind(execution),
    ],
    fixes: [],
    anchor: `${scope}/write`,
  };
}

/** What the loop adds is sent in each round although the loop does not look at it afterwards. */
function flushedInVain(subject: OrmSubject, commit: Commit): Certainty | undefined {
  const { iterations, guarded, isolated, path, file, span } = commit;
  const iteration = iterations.at(-1);
  const facts = subject.index.files.get(file);
  const direct = placedIn(commit) === commit;
  if (!iteration || !facts || iteration.few || iteration.batches || iteration.kind !== "for" || iteration.async) return undefined;
  const loop = loopAround(facts, span);
  if (commit.ownSession || guarded || isolated || iteration.paced || !direct || path.length > 0 || !loop) return undefined;
  const added = new Set<string>();
  let adds = false;
  forEachExpr(loop.body, (expr) => {
    if (expr.kind !== "call" || expr.callee.kind !== "attribute" || expr.callee.name !== "add" || expr.end > span.start) return;
    adds = true;
    for (const { value } of expr.args) if (value.kind === "name") added.add(value.id);
  });
  // Made, added and not touched again: what is kept somewhere may be read in a later round, with the key that the flush gave it.
  const mentions = new Map<string, number>();
  forEachExpr(loop.body, (expr) => {
    if (expr.kind === "name" && added.has(expr.id)) mentions.set(expr.id, (mentions.get(expr.id) ?? 0) + 1);
  });
  // What the loop hands out is named once less: its body does not make it.
  const made = new Set(assignedIn(loop.body));
  const isKept = [...mentions].some(([name, count]) => count > (made.has(name) ? 2 : 1));
  return adds && !isKept ? (commit.proved ? "certain" : "likely") : undefined;
}

/** Plain names that the statements bind. */
function assignedIn(statements: readonly Stmt[]): string[] {
  return statements.flatMap((statement) => [
    ...(statement.kind === "assign" ? statement.targets.flatMap((target) => (target.kind === "name" ? [target.id] : [])) : []),
    ...partsOf(statement).blocks.flatMap((block) => assignedIn(block)),
  ]);
}

function flushed(subject: OrmSubject, commit: Commit, certainty: Certainty): Problem {
  const { file, span, scope, iterations } = commit;
  const loop = iterations.at(-1)!;
  const edit = behindLoop(file, subject.facts, span);
  return {
    file,
    span,
    message: `What is added is sent once per ${roundName(loop.target, "round")}: each row waits for a round trip of its own. Flush once behind the loop, or leave it to the commit: SQLAlchemy then sends the rows in batches.`,
    certainty,
    evidence: {
      level: "code",
      facts: ["The flush runs in each round of the loop, and nothing in the loop reads what it added afterwards."],
    },
    related: [{ file: loop.file, span: { start: loop.start, end: loop.end }, message: "This runs once per round." }],
    fixes: edit
      ? [{ title: "Flush once, behind the loop (code between may count on what it wrote)", applicability: "unsafe", edits: [edit] }]
      : [],
    anchor: `${scope}/flush`,
  };
}
