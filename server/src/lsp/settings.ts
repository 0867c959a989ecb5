import { z } from "zod";
import { Severity } from "#protocol/finding";

export const RuleLevel = z.union([Severity, z.literal("off")]);
export type RuleLevel = z.infer<typeof RuleLevel>;

/** What the server reads of `dbOptimize.*`, per resource. The manifest repeats names and defaults; a test holds them together. */
export interface Settings {
  readonly enable: boolean;
  readonly rules: Readonly<Record<string, RuleLevel>>;
  readonly includeTests: boolean;
  readonly includePossible: boolean;
  /** gitignore patterns, relative to the folder. */
  readonly exclude: readonly string[];
  readonly workspaceDiagnostics: boolean;
  readonly codeLens: boolean;
}

export const defaults: Settings = {
  enable: true,
  rules: {},
  includeTests: false,
  includePossible: false,
  exclude: [],
  workspaceDiagnostics: true,
  codeLens: true,
};

const schemas: { [K in Exclude<keyof Settings, "rules">]: { schema: z.ZodType<Settings[K]>; allowed: string } } = {
  enable: { schema: z.boolean(), allowed: "true or false" },
  includeTests: { schema: z.boolean(), allowed: "true or false" },
  includePossible: { schema: z.boolean(), allowed: "true or false" },
  exclude: { schema: z.array(z.string()), allowed: 'a list of patterns, such as ["legacy/**"]' },
  workspaceDiagnostics: { schema: z.boolean(), allowed: "true or false" },
  codeLens: { schema: z.boolean(), allowed: "true or false" },
};
const levels = ["off", ...Severity.options].map((level) => `"${level}"`).join(", ");

export interface SettingsAnswer {
  readonly settings: Settings;
  /** One sentence per setting that could not be used: its name, what is allowed, what is used instead. */
  readonly problems: readonly string[];
}

/** Reads what the editor answers for the section `dbOptimize`. A bad value costs only itself. `knownRules` empty = names are not checked. */
export function readSettings(raw: unknown, knownRules: ReadonlySet<string>): SettingsAnswer {
  const source = isRecord(raw) ? raw : {};
  const problems: string[] = [];
  const read = <K extends keyof typeof schemas>(key: K): Settings[K] => {
    const value = source[key];
    if (value === undefined || value === null) return defaults[key];
    const parsed = schemas[key].schema.safeParse(value);
    if (parsed.success) return parsed.data;
    problems.push(complaint(`dbOptimize.${key}`, value, schemas[key].allowed, JSON.stringify(defaults[key])));
    return defaults[key];
  };
  const settings: Settings = {
    enable: read("enable"),
    rules: readRules(source["rules"], knownRules, problems),
    includeTests: read("includeTests"),
    includePossible: read("includePossible"),
    exclude: read("exclude"),
    workspaceDiagnostics: read("workspaceDiagnostics"),
    codeLens: read("codeLens"),
  };
  return { settings, problems };
}

function readRules(raw: unknown, knownRules: ReadonlySet<string>, problems: string[]): Settings["rules"] {
  if (raw === undefined || raw === null) return defaults.rules;
  if (!isRecord(raw)) {
    problems.push(complaint("dbOptimize.rules", raw, `an object such as { "select-star": "off" }`, "each rule's own severity"));
    return defaults.rules;
  }
  const rules: Record<string, RuleLevel> = {};
  for (const [rule, value] of Object.entries(raw)) {
    const level = RuleLevel.safeParse(value);
    if (knownRules.size > 0 && !knownRules.has(rule)) {
      problems.push(
        `Setting dbOptimize.rules names "${rule}", which is no rule. Allowed: ${[...knownRules].sort().join(", ")}. It is ignored.`,
      );
    } else if (!level.success) {
      problems.push(complaint(`dbOptimize.rules["${rule}"]`, value, levels, "the rule's own severity"));
    } else rules[rule] = level.data;
  }
  return rules;
}

function complaint(name: string, value: unknown, allowed: string, used: string): string {
  const shown = JSON.stringify(value) ?? String(value);
  return `Setting ${name} is ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}. Allowed: ${allowed}. Used instead: ${used}.`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
