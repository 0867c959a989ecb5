import { z } from "zod";
import { readRuleSettings, type RuleSettings } from "#protocol/settings";

/** What the server reads of `dbOptimize.*`, per resource. The manifest repeats names and defaults; a test holds them together. */
export interface Settings {
  readonly enable: boolean;
  readonly rules: Readonly<RuleSettings>;
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

export interface SettingsAnswer {
  readonly settings: Settings;
  /** One sentence per setting that could not be used: its name, what is allowed, what is used instead. */
  readonly problems: readonly string[];
}

/** Reads what the editor answers for the section `dbOptimize`. A bad value costs only itself. `knownRules` empty = names are not checked. */
export function readSettings(raw: unknown, knownRules: ReadonlySet<string>): SettingsAnswer {
  const source = isRecord(raw) ? raw : {};
  const rules = readRuleSettings(source["rules"], knownRules);
  const problems = rules.problems.map(({ message }) => message);
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
    rules: rules.rules,
    includeTests: read("includeTests"),
    includePossible: read("includePossible"),
    exclude: read("exclude"),
    workspaceDiagnostics: read("workspaceDiagnostics"),
    codeLens: read("codeLens"),
  };
  return { settings, problems };
}

function complaint(name: string, value: unknown, allowed: string, used: string): string {
  const shown = JSON.stringify(value) ?? String(value);
  return `Setting ${name} is ${shown.length > 60 ? `${shown.slice(0, 60)}…` : shown}. Allowed: ${allowed}. Used instead: ${used}.`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
