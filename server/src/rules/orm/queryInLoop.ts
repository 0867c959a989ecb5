import type { Certainty } from "#protocol/finding";
import { deciding, placedIn, type Execution, type Iteration, type OrmSubject } from "../../orm/index.js";
import type { Problem, Rule } from "../rule.js";
import { hoisted } from "./edits/hoist.js";
import { dependence, inLoop, placesBehind, throughOf } from "./loops.js";
import { roundName } from "./wording.js";

export const queryInLoop: Rule<OrmSubject> = {
  meta: {
    id: "query-in-loop",
    summary: "A query is sent once per round of a loop.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python", "jinja"],
    fix: "unsafe",
  },
  docs: {
    whatItDoes:
      "Reports a SELECT that a loop or a comprehension sends again in each round with another value, itself or in a function that does nothing but ask. It is `likely` at most where a condition, a function between, a search that ends with its first hit, a list that is worked off (`while waiting`) or a configured list leaves room for few rounds, and `possible` in a handler of exceptions, four calls or more away from the loop, in a function further down than the one that the loop calls where that one writes as well, where rows are locked one by one (`nowait`, `skip_locked`), where each round is a worker with a session of its own that it also writes with, and where all calls give the loop a written-out list of a few elements. It is silent where the loop goes through batches (`in_(chunk)`), through a handful of constants or through tables, or ends with the round that queries.",
    whyBad: "N rounds are N round trips and N statements to plan, where one statement with `in_()` or a join could answer all.",
    bad: "for user_id in user_ids:\n    user = session.scalars(select(User).where(User.id == user_id)).one()\n    print(user.name)",
    good: "for user in session.scalars(select(User).where(User.id.in_(user_ids))):\n    print(user.name)",
    fixSafety:
      "A query for one row by its primary key or a unique column, in a loop over a list, becomes one query before the loop with `in_()` and a dictionary. It is unsafe because rows that the loop would not have asked for are loaded too, what the loop itself writes is not seen, and a missing row is a `KeyError` where `one()` raised `NoResultFound`.",
    references: ["https://docs.sqlalchemy.org/en/20/core/sqlelement.html#sqlalchemy.sql.expression.ColumnOperators.in_"],
  },
  check: function* (subject) {
    for (const execution of subject.executions) {
      const certainty = isRead(execution) ? inLoop(execution) : undefined;
      const iteration = deciding(execution);
      if (certainty && iteration) yield problemOf(subject, execution, iteration, certainty);
    }
  },
};

const insteadOf = {
  refresh: "Load all of them again with one query: `select(...).where(...in_(keys)).execution_options(populate_existing=True)`",
  merge: "Load the rows that exist with one query and `in_()`, or write all at once with `on_conflict_do_update`",
  count: "Count for all rounds with one query and `group_by()`, and look the numbers up in a dictionary",
};

const isRead = ({ operation }: Execution) => operation === "select" || operation === "get";

function problemOf(subject: OrmSubject, execution: Execution, iteration: Iteration, certainty: Certainty): Problem {
  const { query } = execution;
  const { file, span, scope } = placedIn(execution);
  const through = throughOf(execution);
  const entity = query?.targets.flatMap(({ value }) =>
    value.kind === "entityClass" || value.kind === "attribute" ? [subject.index.entities.get(value.entity)?.name ?? ""] : [],
  )[0];
  // Which of them a round sends may depend on the round.
  const more = execution.also?.length ? `, with up to ${execution.also.length} more, is` : " is";
  const what = `${entity ? `A query for \`${entity}\`` : "A query"}${more}`;
  const per = roundName(iteration.target, "round");
  const fix = through || certainty === "possible" ? undefined : hoisted(subject.index, execution, iteration);
  // Of several statements of one call what they have in common is said.
  const { by } = execution;
  const instead =
    by && (execution.also ?? []).every((one) => one.by === by)
      ? insteadOf[by]
      : query?.site.style === "dynamic"
        ? "Load the related rows of all parents with one query"
        : "Ask once, with `in_()` or a join, and look the rows up in a dictionary";
  return {
    file,
    span,
    message: `${what} sent once per ${per}${through ? `, by \`${through.callee}()\`` : ""}: N rounds cost N round trips. ${instead}.`,
    certainty,
    evidence: { level: "code", facts: [`The statement depends on ${dependence(execution, iteration)}, which changes in each round.`] },
    related: [
      { file: iteration.file, span: { start: iteration.start, end: iteration.end }, message: "This runs once per round." },
      ...placesBehind(execution),
    ],
    fixes: fix ? [fix] : [],
    anchor: `${scope}/${entity ?? "query"}`,
  };
}
