import { existsSync, readdirSync, readFileSync, type Dirent } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "smol-toml";
import { isBelow } from "./discovery.js";

/** What SQLAlchemy sends differs between these. */
export type SqlalchemyVersion = "1.4" | "2.0" | "2.1";

/** Where a project says which SQLAlchemy it runs on, what is nearer to the truth first: installed, locked, asked for. */
const sources: readonly ((folder: string, entries: readonly Dirent[]) => SqlalchemyVersion | undefined)[] = [
  installedVersion,
  (folder, entries) => firstIn(folder, entries, isLock, lockedVersion),
  (folder, entries) => firstIn(folder, entries, isPyproject, declaredVersion),
  (folder, entries) => firstIn(folder, entries, isRequirements, (text) => best(text.split(/\r\n|\r|\n/))),
];

/** Files whose change may change the answer. */
export function decidesOnVersion(name: string): boolean {
  return isLock(name) || isPyproject(name) || isRequirements(name);
}

/** Glob patterns of the same, beside pyproject.toml, which is watched for its settings. */
export const versionPatterns = ["**/{uv,poetry,pdm,Pipfile}.lock", "**/pylock.toml", "**/Pipfile", "**/requirements*.{txt,in}"];

const isLock = (name: string) => ["uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml"].includes(name);
const isPyproject = (name: string) => name === "pyproject.toml" || name === "Pipfile";
const isRequirements = (name: string) => /^requirements.*\.(txt|in)$/.test(name);

/** The version that holds for files in a folder: of the nearest folder at or above it that says one, not above `top`. */
export function sqlalchemyVersion(folder: string, top: string): SqlalchemyVersion | undefined {
  for (let at = folder; isBelow(at, top); at = dirname(at)) {
    const entries = entriesOf(at);
    for (const source of sources) {
      const version = source(at, entries);
      if (version) return version;
    }
    if (at === dirname(at)) break;
  }
  return undefined;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // A folder that cannot be listed says nothing; whoever reads its files is told why not.
    return [];
  }
}

function firstIn(
  folder: string,
  entries: readonly Dirent[],
  isSource: (name: string) => boolean,
  read: (text: string) => SqlalchemyVersion | undefined,
): SqlalchemyVersion | undefined {
  const names = entries.filter((entry) => entry.isFile() && isSource(entry.name)).map((entry) => entry.name);
  // `requirements.txt` before `requirements-dev.txt`.
  for (const name of names.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))) {
    const version = orNothing(() => read(readFileSync(join(folder, name), "utf8")));
    if (version) return version;
  }
  return undefined;
}

/** A file that is broken or cannot be read says no version; its own tools complain about it. */
function orNothing<T>(read: () => T | undefined): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Of a virtual environment inside the folder: `.venv/lib/python3.12/site-packages/sqlalchemy-2.0.31.dist-info`. */
function installedVersion(folder: string, entries: readonly Dirent[]): SqlalchemyVersion | undefined {
  const environments = entries.filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, "pyvenv.cfg")));
  for (const { name } of environments) {
    const library = join(folder, name, "lib");
    const places = [join(folder, name, "Lib"), ...entriesOf(library).map((entry) => join(library, entry.name))];
    for (const place of places)
      for (const entry of entriesOf(join(place, "site-packages"))) {
        const version = /^sqlalchemy-([^-]+)\.dist-info$/i.exec(entry.name)?.[1];
        if (version !== undefined) return versionOf(version);
      }
  }
  return undefined;
}

/** uv, poetry, pdm and PEP 751 write TOML with a list of packages, pipenv JSON. */
function lockedVersion(text: string): SqlalchemyVersion | undefined {
  const lock = text.trimStart().startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : parse(text);
  const listed = [...list(lock["package"]), ...list(lock["packages"])].find((one) => isSqlalchemy(textOf(table(one)["name"])));
  const piped = table(table(lock["default"])["sqlalchemy"]);
  const version = textOf(table(listed)["version"]) ?? textOf(piped["version"]);
  return version === undefined ? undefined : versionOf(version.replace(/^=+/, ""));
}

function declaredVersion(text: string): SqlalchemyVersion | undefined {
  const file = parse(text);
  const project = table(file["project"]);
  const optional = Object.values(table(project["optional-dependencies"])).flatMap(list);
  const groups = Object.values(table(file["dependency-groups"])).flatMap(list);
  const requirements = [...list(project["dependencies"]), ...optional, ...groups].flatMap((one) => textOf(one) ?? []);
  const poetry = table(table(table(file["tool"])["poetry"])["dependencies"]);
  const pairs = Object.entries({ ...table(file["packages"]), ...poetry }).flatMap(([name, value]) => {
    const constraint = textOf(value) ?? textOf(table(value)["version"]);
    return constraint === undefined ? [] : [`${name} ${constraint}`];
  });
  return best([...requirements, ...pairs]);
}

function best(requirements: readonly string[]): SqlalchemyVersion | undefined {
  for (const requirement of requirements) {
    const version = requiredVersion(requirement);
    if (version) return version;
  }
  return undefined;
}

/**
 * The version that a requirement (`SQLAlchemy[asyncio]>=2.0,<2.1 ; python_version > "3.8"`, poetry's `^2.0`) ends in: the one it pins, or the
 * newest that it allows where it excludes newer ones; undefined where it is about something else or leaves all open.
 */
export function requiredVersion(requirement: string): SqlalchemyVersion | undefined {
  const [, name, constraints] = /^\s*([A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?([^;#)]*)/.exec(requirement) ?? [];
  if (!isSqlalchemy(name)) return undefined;
  const allowed = new Set<SqlalchemyVersion>(["1.4", "2.0", "2.1"]);
  let says = false;
  for (const [, operator, version] of (constraints ?? "").matchAll(/(===|==|~=|!=|<=|>=|<|>|\^|~|=)?\s*v?(\d[\w.*+]*)/g)) {
    const [major, minor] = numbers(version!);
    says = true;
    for (const candidate of [...allowed])
      if (!fits(operator ?? "==", numbers(candidate), [major, minor], version!)) allowed.delete(candidate);
  }
  if (!says) return undefined;
  // Without an upper end a project has what was newest when it was installed: mostly 2.0, unless that is too old.
  const open = allowed.has("2.1") && allowed.has("2.0");
  return open ? (/</.test(constraints!) ? "2.1" : "2.0") : [...allowed].sort().at(-1);
}

type MajorMinor = readonly [number, number];

function fits(operator: string, one: MajorMinor, bound: MajorMinor, written: string): boolean {
  const order = one[0] - bound[0] || one[1] - bound[1];
  switch (operator) {
    case "<":
      // `<2.0.5` lets 2.0 in, `<2.0` does not.
      return order < 0 || (order === 0 && /^\d+\.\d+\.0*[1-9]/.test(written));
    case "<=":
      return order <= 0;
    case ">":
    case ">=":
      return order >= 0;
    case "!=":
      return true;
    case "^":
      return one[0] === bound[0] && order >= 0;
    case "~=":
      return /^\d+\.\d+$/.test(written) ? one[0] === bound[0] && order >= 0 : order === 0;
    default:
      return /^\d+(\.\*)?$/.test(written) ? one[0] === bound[0] : order === 0;
  }
}

function versionOf(version: string): SqlalchemyVersion | undefined {
  const [major, minor] = numbers(version);
  if (major === 1) return "1.4";
  return major > 2 || minor >= 1 ? "2.1" : "2.0";
}

function numbers(version: string): MajorMinor {
  const [major, minor] = version.split(".").map((part) => Number.parseInt(part, 10));
  return [major || 0, minor || 0];
}

const isSqlalchemy = (name: string | undefined) => name?.toLowerCase() === "sqlalchemy";
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const table = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
