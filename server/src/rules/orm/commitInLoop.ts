import type { Certainty } from "#protocol/finding";
import { placedIn, type Commit, type OrmSubject } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";
import { behindLoop } from "./edits/behindLoop.js";
import { roundName } from "./wording.js";

export const commitInLoop: Rule<OrmSubject> = {
  meta: {
    id: "commit-in-loop",
    summary: "A transaction is committed once per round of a loop.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python"],
    fix: "unsafe",
  },
  docs: {
    whatItDoes:
      "Reports `session.commit()` in each round of a `for` loop, itself or in a function that the round calls. It is silent where the commit is under a condition (every thousandth row), where the loop goes through batches, and where the loop ends with it; it is only `possible` where each round talks to another system, opens a transaction of its own, or rounds are counted, where a `try` around it or a `rollback()` in the round shows that each round shall stand by itself, where each round writes a group, or where it works in batches until nothing is left.",
    whyBad:
      "Each commit waits until the log is on disk (`fsync`, often 1 to 10 ms), and by default expires every loaded instance, so that the next access loads it again.",
    bad: "for user in users:\n    session.add(user)\n    session.commit()",
    good: "for user in users:\n    session.add(user)\nsession.commit()",
    fixSafety:
      "The commit moves behind the loop. It is unsafe because an error then undoes the rounds before it too, and other transactions see nothing until the end.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/session_basics.html#committing"],
  },
  check: function* (subject) {
    for (const commit of subject.commits) {
      const certainty = commit.flush ? undefined : certaintyOf(commit);
      if (certainty) yield problemOf(subject, commit, certainty);
    }
  },
};

function certaintyOf(commit: Commit): Certainty | undefined {
  const { iterations, guarded, isolated, proved } = commit;
  const iteration = iterations.at(-1);
  if (!iteration || iteration.few || iteration.batches || iteration.kind === "while" || iteration.async || guarded || commit.ownSession)
    return undefined;
  const calls = callsTo(commit).length;
  // A function further down may be meant to stand by itself. What another system was told has to be on record before the next round.
  if (isolated || iteration.paced || commit.inBatches || iteration.undoes || iteration.groups || calls > 1 || commit.unfounded)
    return "possible";
  return proved && calls === 0 ? "certain" : "likely";
}

/** The calls that lead from the loop to the commit. */
function callsTo({ path, iterations }: Commit) {
  const loop = iterations.at(-1);
  const from = path.findIndex((frame) => frame.file === loop?.file && frame.scope === loop.scope);
  return from < 0 ? [] : path.slice(from);
}

function problemOf(subject: OrmSubject, commit: Commit, certainty: Certainty): Problem {
  const iteration = commit.iterations.at(-1)!;
  const { file, span, scope } = placedIn(commit);
  const [through] = callsTo(commit);
  const per = roundName(iteration.target, "round");
  const edit = through || certainty === "possible" ? undefined : behindLoop(file, subject.facts, span);
  return {
    file,
    span,
    message: `The transaction is committed once per ${per}${through ? `, by \`${through.callee}()\`` : ""}: each commit waits for the disk, and without \`expire_on_commit=False\` what is loaded has to be loaded again. Commit once behind the loop, or once per batch.`,
    certainty,
    evidence: { level: "code", facts: ["The commit runs in each round of the loop."] },
    related: [
      { file: iteration.file, span: { start: iteration.start, end: iteration.end }, message: "This runs once per round." },
      ...(through ? [{ file: commit.file, span: commit.span, message: "The commit is here." }] : []),
    ],
    fixes: edit
      ? [{ title: "Commit once, behind the loop (all rounds then stand or fall together)", applicability: "unsafe", edits: [edit] }]
      : [],
    anchor: `${scope}/commit`,
  };
}
