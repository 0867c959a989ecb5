import type { Certainty } from "#protocol/finding";
import type { Commit, OrmSubject } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";
import { roundName } from "./wording.js";

export const commitInLoop: Rule<OrmSubject> = {
  meta: {
    id: "commit-in-loop",
    summary: "A transaction is committed once per round of a loop.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python"],
  },
  docs: {
    whatItDoes:
      "Reports `session.commit()` in each round of a `for` loop. It is silent where the commit is under a condition (every thousandth row), where the loop goes through batches, and where the loop ends with it; it is at most `likely` where each round talks to another system or rounds are counted, and only `possible` where a `try` around it shows that each round shall stand by itself.",
    whyBad:
      "Each commit waits until the log is on disk (`fsync`, often 1 to 10 ms), and by default expires every loaded instance, so that the next access loads it again.",
    bad: "for user in users:\n    session.add(user)\n    session.commit()",
    good: "for user in users:\n    session.add(user)\nsession.commit()",
    references: ["https://docs.sqlalchemy.org/en/20/orm/session_basics.html#committing"],
  },
  check: function* (subject) {
    for (const commit of subject.commits) {
      const certainty = certaintyOf(commit);
      if (certainty) yield problemOf(commit, certainty);
    }
  },
};

function certaintyOf({ iterations, guarded, isolated, proved }: Commit): Certainty | undefined {
  const iteration = iterations.at(-1);
  if (!iteration || iteration.few || iteration.batches || iteration.kind === "while" || iteration.async || guarded) return undefined;
  if (isolated) return "possible";
  return proved && !iteration.paced ? "certain" : "likely";
}

function problemOf({ file, span, scope, iterations }: Commit, certainty: Certainty): Problem {
  const iteration = iterations.at(-1)!;
  const per = roundName(iteration.target, "round");
  return {
    file,
    span,
    message: `The transaction is committed once per ${per}: each commit waits for the disk and expires what is loaded. Commit once behind the loop, or once per batch.`,
    certainty,
    evidence: { level: "code", facts: ["The commit runs in each round of the loop."] },
    related: [{ file: iteration.file, span: { start: iteration.start, end: iteration.end }, message: "This runs once per round." }],
    fixes: [],
    anchor: `${scope}/commit`,
  };
}
