import { dirname } from "node:path";
import type { FileFacts } from "../python/index.js";

/** Where a new Alembic revision belongs. */
export interface Alembic {
  /** The folder of the revisions. */
  readonly versions: string;
  /** The revision that the next one follows; null before the first. */
  readonly head: string | null;
}

/**
 * Reads the revisions of an Alembic environment. Undefined where there is none, or where what comes next cannot be told: several heads,
 * several environments, or revisions whose names are computed.
 */
export function alembicOf(files: readonly { readonly path: string; readonly facts: FileFacts }[]): Alembic | undefined {
  const folders = new Set<string>();
  const revisions = new Set<string>();
  const followed = new Set<string>();
  for (const { path, facts } of files) {
    const values = moduleValues(facts);
    const revision = values.get("revision");
    if (!values.has("revision") || !values.has("down_revision")) continue;
    if (!revision?.[0]) return undefined;
    folders.add(dirname(path));
    revisions.add(revision[0]);
    for (const down of values.get("down_revision") ?? []) followed.add(down);
  }
  const heads = [...revisions].filter((revision) => !followed.has(revision));
  const [versions] = folders;
  if (folders.size !== 1 || versions === undefined || heads.length !== 1) return undefined;
  return { versions, head: heads[0]! };
}

/** The strings that a module's top-level names are set to; undefined for a name that is set to anything else than strings or None. */
function moduleValues(facts: FileFacts): Map<string, readonly string[] | undefined> {
  const values = new Map<string, readonly string[] | undefined>();
  for (const statement of facts.functions[0]?.body ?? []) {
    if (statement.kind !== "assign" || !statement.value) continue;
    const { value } = statement;
    const items = value.kind === "tuple" || value.kind === "list" ? value.items : [value];
    const strings = items.flatMap((item) => (item.kind === "string" ? [item.value] : []));
    for (const target of statement.targets) if (target.kind === "name") values.set(target.id, strings);
  }
  return values;
}
