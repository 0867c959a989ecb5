export { checkComments, checkStatements, runRules, sqlComments, type RuleProblem } from "./check.js";
export { combineSafeFixes, safeFix } from "./combineFixes.js";
export { toFindings, type FileView } from "./findings.js";
export { LineIndex } from "./lines.js";
export {
  indexRules,
  resolveRules,
  ruleIds,
  rulesById,
  severityOf,
  type ResolvedRules,
  type RuleEntry,
  type RuleLevels,
} from "./registry.js";
export type { FixDraft, Problem, Rule, RuleContext, RuleDocs, RuleMeta } from "./rule.js";
export { readSuppressions, type Comment, type Suppression } from "./suppressions.js";
export { sqlRules } from "./sql/index.js";
