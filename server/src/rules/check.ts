import type { ParsedSql } from "../sql/index.js";
import { invalidSuppression } from "./comments/invalidSuppression.js";
import { ruleIds, severityOf, type RuleLevels } from "./registry.js";
import type { Problem, Rule, RuleContext } from "./rule.js";
import { sqlRules } from "./sql/index.js";
import { readSuppressions, type Comment, type Suppression } from "./suppressions.js";

/** A problem and the rule that found it. */
export interface RuleProblem {
  readonly rule: string;
  readonly problem: Problem;
}

/** Runs the rules that are not off over one subject. */
export function runRules<S>(rules: readonly Rule<S>[], subject: S, levels: RuleLevels, context: RuleContext): RuleProblem[] {
  return rules
    .filter(({ meta }) => severityOf(levels, meta.id) !== undefined)
    .flatMap((rule) => [...rule.check(subject, context)].map((problem) => ({ rule: rule.meta.id, problem })));
}

/** What the SQL rules have to say about the statements of one text. */
export function checkStatements(parsed: ParsedSql, levels: RuleLevels, context: RuleContext): RuleProblem[] {
  return parsed.statements.flatMap((statement) => runRules(sqlRules, statement, levels, context));
}

/** The comments of a SQL text, in the file's terms. */
export function sqlComments({ source, comments }: ParsedSql): Comment[] {
  return comments.map(({ start, end }) => ({
    start: source.toSource(start),
    end: source.toSource(Math.max(start, end - 1)) + 1,
    text: source.text.slice(start, end),
  }));
}

/** The suppressions of a file and what is wrong with them. */
export function checkComments(
  file: string,
  text: string,
  comments: readonly Comment[],
  levels: RuleLevels,
): { suppressions: readonly Suppression[]; problems: readonly RuleProblem[] } {
  const suppressions = readSuppressions(text, comments);
  const context: RuleContext = { catalogs: [] };
  const problems = suppressions.flatMap((suppression) =>
    runRules([invalidSuppression], { file, suppression, knownRules: ruleIds }, levels, context),
  );
  return { suppressions, problems };
}
