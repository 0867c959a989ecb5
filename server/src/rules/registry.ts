import type { Severity } from "#protocol/finding";
import { readRuleSettings, type RuleLevel, type SettingProblem } from "#protocol/settings";
import { invalidSuppression } from "./comments/invalidSuppression.js";
import { ormRules } from "./orm/index.js";
import type { RuleDocs, RuleMeta } from "./rule.js";
import { sqlRules } from "./sql/index.js";

/** A rule without what it looks at: all that lists, settings and pages need. */
export interface RuleEntry {
  readonly meta: RuleMeta;
  readonly docs: RuleDocs;
}

/** Throws where two rules have one name: then one of them could not be switched. */
export function indexRules(rules: readonly RuleEntry[]): ReadonlyMap<string, RuleEntry> {
  const byId = new Map<string, RuleEntry>();
  for (const rule of rules) {
    if (byId.has(rule.meta.id)) throw new Error(`Two rules are called "${rule.meta.id}".`);
    byId.set(rule.meta.id, rule);
  }
  return byId;
}

const byName = (a: RuleEntry, b: RuleEntry): number => (a.meta.id < b.meta.id ? -1 : 1);

/** All rules by id, in alphabetical order. */
export const rulesById: ReadonlyMap<string, RuleEntry> = indexRules([...ormRules, ...sqlRules, invalidSuppression].sort(byName));
export const ruleIds: ReadonlySet<string> = new Set(rulesById.keys());

/** The level of every rule. */
export type RuleLevels = ReadonlyMap<string, RuleLevel>;

export interface ResolvedRules {
  readonly levels: RuleLevels;
  readonly problems: readonly SettingProblem[];
}

/**
 * The levels that `settings` (rule id → level, from the editor or pyproject.toml, later ones winning) leave to each rule. With `only`, the
 * named rules run whatever the settings switch off, and no others. Malformed values become problems and cost nothing else.
 */
export function resolveRules(settings: readonly { name: string; value: unknown }[] = [], only?: readonly string[]): ResolvedRules {
  const problems: SettingProblem[] = [];
  const levels = new Map<string, RuleLevel>();
  for (const [id, { meta }] of rulesById) levels.set(id, meta.enabledByDefault ? meta.severity : "off");
  for (const { name, value } of settings) {
    const read = readRuleSettings(value, ruleIds, name);
    problems.push(...read.problems);
    for (const [id, level] of Object.entries(read.rules)) levels.set(id, level);
  }
  if (only) narrow(levels, new Set(only));
  for (const id of only ?? [])
    if (!ruleIds.has(id))
      problems.push({ setting: id, message: `"${id}" is no rule. Allowed: ${[...ruleIds].join(", ")}. It is ignored.` });
  return { levels, problems };
}

function narrow(levels: Map<string, RuleLevel>, only: ReadonlySet<string>): void {
  for (const [id, level] of levels) {
    if (!only.has(id)) levels.set(id, "off");
    else if (level === "off") levels.set(id, rulesById.get(id)?.meta.severity ?? "warning");
  }
}

export function severityOf(levels: RuleLevels, id: string): Severity | undefined {
  const level = levels.get(id);
  return level === "off" ? undefined : level;
}
