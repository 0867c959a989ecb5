import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { parse, TomlError } from "smol-toml";
import { ioReason, type Warning } from "./warning.js";

/** What `[tool.db-optimize]` of a pyproject.toml says, as it stands there: each key is judged by itself later. */
export interface ProjectTable {
  readonly file: string;
  readonly table: Readonly<Record<string, unknown>>;
}

/** The nearest pyproject.toml at or above a folder, up to the repository's top. Undefined: there is none, or it does not speak to us. */
export function readProjectTable(folder: string, warn: (warning: Warning) => void): ProjectTable | undefined {
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

export function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
