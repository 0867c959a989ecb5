import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse, TomlError } from "smol-toml";
import { z } from "zod";
import { Severity } from "#protocol/finding";
import { readRuleSettings, type RuleSettings } from "#protocol/settings";
import { ioReason, type Warning } from "./warning.js";

/** `[tool.db-optimize]` of a project's pyproject.toml. */
export interface ProjectSettings {
  readonly rules: RuleSettings;
  /** gitignore patterns, relative to the folder. */
  readonly exclude: readonly string[];
  readonly includeTests: boolean;
  readonly includePossible: boolean;
  /** For the command line: when `check` ends with 1. */
  readonly failOn?: Severity | "never";
  /** For the command line: absolute path of the baseline. */
  readonly baseline?: string;
}

const keys = {
  exclude: { schema: z.array(z.string()), allowed: 'a list of patterns, such as ["legacy/**"]', used: "no patterns" },
  "include-tests": { schema: z.boolean(), allowed: "true or false", used: "false" },
  "include-possible": { schema: z.boolean(), allowed: "true or false", used: "false" },
  "fail-on": { schema: z.enum([...Severity.options, "never"]), allowed: [...Severity.options, "never"].join(", "), used: "warning" },
  baseline: { schema: z.string().min(1), allowed: "a path relative to pyproject.toml", used: "no baseline" },
} as const;

/**
 * The settings that hold for a folder: the nearest pyproject.toml at or above it, up to the repository's top. A bad value costs only
 * itself, and is named. `knownRules` empty = the names of rules are not checked.
 */
export function readProjectSettings(folder: string, knownRules: readonly string[], warn: (warning: Warning) => void): ProjectSettings {
  const found = readTable(folder, warn);
  const { file, table } = found ?? { file: "", table: {} };
  const read = <K extends keyof typeof keys>(key: K): z.infer<(typeof keys)[K]["schema"]> | undefined => {
    const value = table[key];
    if (value === undefined) return undefined;
    const parsed = keys[key].schema.safeParse(value);
    if (parsed.success) return parsed.data as z.infer<(typeof keys)[K]["schema"]>;
    const { allowed, used } = keys[key];
    warn({ file, message: `Setting ${key} is ${JSON.stringify(value)}. Allowed: ${allowed}. Used instead: ${used}.` });
    return undefined;
  };
  for (const key of Object.keys(table)) {
    if (key in keys || key === "rules") continue;
    warn({ file, message: `There is no setting ${key}. Allowed: rules, ${Object.keys(keys).join(", ")}. It is ignored.` });
  }
  const { rules, problems } = readRuleSettings(table["rules"], knownRules, "rules");
  for (const { message } of problems) warn({ file, message });
  const baseline = read("baseline");
  return {
    rules,
    exclude: read("exclude") ?? [],
    includeTests: read("include-tests") ?? false,
    includePossible: read("include-possible") ?? false,
    failOn: read("fail-on"),
    ...(baseline === undefined ? {} : { baseline: resolve(dirname(file), baseline) }),
  };
}

interface Table {
  readonly file: string;
  readonly table: Readonly<Record<string, unknown>>;
}

function readTable(folder: string, warn: (warning: Warning) => void): Table | undefined {
  const file = findUpwards(folder, "pyproject.toml");
  if (file === undefined) return undefined;
  try {
    const { tool } = parse(readFileSync(file, "utf8"));
    const table = isTable(tool) ? tool["db-optimize"] : undefined;
    if (isTable(table)) return { file, table };
    if (table !== undefined) warn({ file, message: "[tool.db-optimize] is no table. It is ignored." });
  } catch (error) {
    const at = error instanceof TomlError ? ` at line ${error.line}, column ${error.column}` : "";
    const what = error instanceof TomlError ? `it is no TOML${at}` : ioReason(error);
    warn({ file, message: `Settings in this file are ignored: ${what}.` });
  }
  return undefined;
}

function findUpwards(folder: string, name: string): string | undefined {
  const home = homedir();
  for (let at = folder; at !== home; at = dirname(at)) {
    if (existsSync(join(at, name))) return join(at, name);
    if (existsSync(join(at, ".git")) || at === dirname(at)) return undefined;
  }
  return undefined;
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
