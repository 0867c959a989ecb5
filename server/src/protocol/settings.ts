import { z } from "zod";
import { Severity } from "./finding.js";

/** What a rule is set to: its findings' severity, or silence. */
export const RuleLevel = z.enum(["off", ...Severity.options]);
export type RuleLevel = z.infer<typeof RuleLevel>;

/** `dbOptimize.rules` in the editor and `[tool.db-optimize.rules]` in pyproject.toml: rule id → level. */
export const RuleSettings = z.record(z.string(), RuleLevel);
export type RuleSettings = z.infer<typeof RuleSettings>;

/** A value that could not be used: which setting, what is allowed, what is used instead, in one sentence each. */
export interface SettingProblem {
  readonly setting: string;
  readonly message: string;
}

/**
 * Reads rule levels from whatever stands in a settings file. A bad value costs only itself. `knownRules` empty = names are not checked;
 * `name` is how the reader's file calls the setting.
 */
export function readRuleSettings(
  raw: unknown,
  knownRules: Iterable<string>,
  name = "dbOptimize.rules",
): { rules: RuleSettings; problems: readonly SettingProblem[] } {
  const rules: RuleSettings = {};
  const problems: SettingProblem[] = [];
  if (raw === undefined || raw === null) return { rules, problems };
  if (typeof raw !== "object" || Array.isArray(raw)) {
    const message = `Setting ${name} is ${shown(raw)}. Allowed: rule names with their levels, such as "select-star" = "off". The rules' own levels are used.`;
    return { rules, problems: [{ setting: name, message }] };
  }
  const known = new Set(knownRules);
  for (const [rule, value] of Object.entries(raw)) {
    const setting = `${name}.${rule}`;
    const level = RuleLevel.safeParse(value);
    if (known.size > 0 && !known.has(rule)) {
      problems.push({ setting, message: `Setting ${setting} names no rule. Allowed: ${[...known].sort().join(", ")}. It is ignored.` });
    } else if (!level.success) {
      const allowed = RuleLevel.options.map((option) => `"${option}"`).join(", ");
      problems.push({ setting, message: `Setting ${setting} is ${shown(value)}. Allowed: ${allowed}. The rule's own level is used.` });
    } else rules[rule] = level.data;
  }
  return { rules, problems };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
