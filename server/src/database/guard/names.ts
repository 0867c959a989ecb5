import type { Backend, Row } from "../backend.js";
import { useOwnPath, setLocal } from "../transaction.js";
import { knownTypes, type KnownTypes } from "./argumentTypes.js";
import { callable, Choice, takes } from "./functionCandidates.js";
import type { FunctionMention, Mentions, Name, OperatorMention } from "./mentions.js";
import { firstUserOid } from "./oids.js";
import { mayBeMeant, type Operand, type Use } from "./operands.js";

export { firstUserOid };

export interface Candidate {
  readonly oid: number;
  readonly argumentTypes: readonly number[];
  /** Whether the server may choose it although values of the types at these places do not occur. */
  readonly mayBeMeant: (absentPlaces: readonly number[]) => boolean;
}

export interface OperatorTypes {
  readonly takes: readonly number[];
  readonly gives: number;
}

/** What the names of a text may mean. Relations and types are exact; functions and operators are all that the server might choose. */
export interface Resolved {
  readonly relations: readonly { oid: number; written: boolean }[];
  readonly functions: readonly Candidate[];
  readonly operators: readonly Candidate[];
  readonly types: readonly number[];
  /** Types that PostgreSQL's own operators of these names take and give. */
  readonly operatorTypes: readonly OperatorTypes[];
  readonly samplingMethods: readonly number[];
}

/** Schemas in the order in which the server looks through them under `path`. */
export async function schemasOf(backend: Backend, path: string): Promise<string[]> {
  await setLocal(backend, [["search_path", path]]);
  const [row] = await backend.query(
    "SELECT ARRAY(SELECT n::pg_catalog.text FROM pg_catalog.unnest(pg_catalog.current_schemas(true)) n) AS schemas",
  );
  await useOwnPath(backend);
  return (row?.schemas as string[] | undefined) ?? [];
}

/** With those that the session's role may not use: a function that runs as its owner may. */
export async function schemasOfBodies(backend: Backend, path: string): Promise<string[]> {
  return [...new Set([...(await schemasOf(backend, path)), ...namesOfPath(path)])];
}

/** `a, "B c"` → a, B c. Reading too many is harmless. */
function namesOfPath(path: string): string[] {
  return [...path.matchAll(/"((?:[^"]|"")*)"|[^\s,"]+/g)].map(([word, quoted]) => quoted?.replaceAll('""', '"') ?? word.toLowerCase());
}

/**
 * Looks names up in the catalog as the server does, without having it analyse the text: analysis runs input functions of types.
 * `hidden` = some of the schemas may be closed to the role that resolves the names, so every relation along the path may be meant.
 */
export async function resolveNames(backend: Backend, mentions: Mentions, schemas: readonly string[], hidden: boolean): Promise<Resolved> {
  const functionNames = mentions.functions.map(({ name }) => name);
  const named = await relations(backend, mentions, schemas, hidden);
  const tables = named.map(({ oid }) => oid);
  // Whoever runs a body may not see the same schemas, so what comes first on the path is not certain there.
  const known = hidden ? undefined : await knownTypes(backend, mentions, tables, (names) => firstTypes(backend, unique(names), schemas));
  return {
    relations: named,
    functions: await functions(backend, mentions.functions, schemas, known),
    operators: await operators(backend, mentions.operators, schemas),
    // `f(x)` casts where f is a type, and so does `row.f`.
    types: await types(backend, unique([...mentions.types, ...functionNames]), schemas),
    operatorTypes: await operatorTypes(backend, unique(mentions.operators.map(({ name }) => name))),
    samplingMethods: (
      await functions(
        backend,
        mentions.samplingMethods.map((name) => ({ name, arguments: 1 })),
        schemas,
      )
    ).map(({ oid }) => oid),
  };
}

function unique(names: readonly Name[]): Name[] {
  return [...new Map(names.map((name) => [name.join("\0"), name])).values()];
}

/** Parallel arrays for unnest: schema (null = along the path) and name. `pg_temp` is whatever this session's schema is called. */
function columns(names: readonly Name[]): [(string | null)[], string[]] {
  return [names.map((name) => (name.length > 1 ? (name.at(-2) ?? null) : null)), names.map((name) => name.at(-1) ?? "")];
}

const inSchema = `
  (CASE WHEN r.s IS NULL THEN n.nspname::text = ANY ($1::text[])
        WHEN r.s = 'pg_temp' THEN n.oid = pg_my_temp_schema()
        ELSE n.nspname = r.s::name END)`;
const wanted = "unnest($2::text[], $3::text[]) WITH ORDINALITY AS r(s, name, i)";

async function relations(
  backend: Backend,
  mentions: Mentions,
  schemas: readonly string[],
  hidden: boolean,
): Promise<Resolved["relations"]> {
  if (mentions.relations.length === 0) return [];
  const rows = await backend.query(
    `SELECT r.i, c.oid
     FROM ${wanted} CROSS JOIN LATERAL (
       SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relname = r.name::name AND ${inSchema}
       ORDER BY array_position($1::text[], n.nspname::text) ${hidden ? "" : "LIMIT 1"}) c`,
    [[...schemas], ...columns(mentions.relations.map(({ name }) => name))],
  );
  return rows.map((row) => ({ oid: Number(row.oid), written: mentions.relations[Number(row.i) - 1]?.written ?? true }));
}

async function functions(
  backend: Backend,
  mentioned: readonly FunctionMention[],
  schemas: readonly string[],
  known?: KnownTypes,
): Promise<Candidate[]> {
  const calls = groups(mentioned);
  if (calls.length === 0) return [];
  const rows = await backend.query(
    `SELECT DISTINCT p.oid, r.i, p.pronargs AS most, p.pronargs - p.pronargdefaults AS least,
            p.provariadic <> 0 AS variadic, p.prokind = 'a' AS aggregate, coalesce(array_position($1::text[], n.nspname::text), 0) AS position,
            (SELECT t.oid FROM pg_type t WHERE t.oid = p.prorettype AND t.typtype <> 'p') AS result, ARRAY(SELECT t FROM unnest(p.proargtypes) t) AS types,
            EXISTS (SELECT FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attname = p.proname
                    WHERE t.oid = p.proargtypes[0] AND t.typrelid <> 0 AND NOT a.attisdropped) AS is_column
     FROM ${wanted} JOIN pg_proc p ON p.proname = r.name::name JOIN pg_namespace n ON n.oid = p.pronamespace AND ${inSchema}`,
    [[...schemas], ...columns(calls.map(([{ name }]) => name))],
  );
  const own = new Map<number, Row[]>();
  for (const row of rows) if (Number(row.oid) < firstUserOid) own.set(Number(row.i), [...(own.get(Number(row.i)) ?? []), row]);
  const shared = (call: FunctionMention, i: number) => (own.get(i) ?? []).some((row) => takes(call.arguments, row));
  const choice = known && new Choice(byName(rows, calls), known);
  const usesOf = new Map<string, Use[]>();
  return rows.flatMap((row) => {
    const i = Number(row.i);
    const uses = (calls[i - 1] ?? []).filter((call) => callable(call.arguments, row) && (choice?.of(call)?.has(row.oid) ?? true));
    if (uses.length === 0) return [];
    const key = `${i} ${uses.length === calls[i - 1]?.length ? "all" : String(row.oid)}`;
    const seen = usesOf.get(key) ?? uses.map((call) => ({ operands: call.operands, shared: shared(call, i) }));
    usesOf.set(key, seen);
    return [candidate(row, seen)];
  });
}

function byName(rows: readonly Row[], calls: readonly (readonly [FunctionMention, ...FunctionMention[]])[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const name = calls[Number(row.i) - 1]?.[0].name.join("\0") ?? "";
    found.set(name, [...(found.get(name) ?? []), row]);
  }
  return found;
}

/** Mentions of one name together; those that look alike once. */
function groups<
  T extends { readonly name: Name; readonly operands?: readonly Operand[]; readonly arguments?: number; readonly shapes?: unknown },
>(mentioned: readonly T[]): [T, ...T[]][] {
  const byName = new Map<string, Map<string, T>>();
  for (const mention of mentioned) {
    const name = mention.name.join("\0");
    const alike = byName.get(name) ?? new Map<string, T>();
    byName.set(
      name,
      alike.set(`${mention.arguments ?? ""} ${mention.operands?.join() ?? "?"} ${JSON.stringify(mention.shapes) ?? "?"}`, mention),
    );
  }
  return [...byName.values()].map((alike) => [...alike.values()] as [T, ...T[]]);
}

function candidate(row: Row, uses: readonly Use[]): Candidate {
  return { oid: Number(row.oid), argumentTypes: oids(row.types), mayBeMeant: (absent) => mayBeMeant(uses, absent) };
}

/** PostgreSQL's own operators are left out while their functions are its own too, unless rows are sorted by them. */
async function operators(backend: Backend, mentioned: readonly OperatorMention[], schemas: readonly string[]): Promise<Candidate[]> {
  if (mentioned.length === 0) return [];
  const found = groups(mentioned);
  const sorting = found.filter((uses) => uses.some(({ sorts }) => sorts)).map(([{ name }]) => name.at(-1) ?? "");
  const rows = await backend.query(
    `SELECT DISTINCT o.oid, r.i, ARRAY[o.oprleft, o.oprright] AS types,
            EXISTS (SELECT FROM pg_operator b WHERE b.oprname = o.oprname AND b.oid < ${firstUserOid} AND (b.oprleft = 0) = (o.oprleft = 0)) AS shares
     FROM ${wanted} JOIN pg_operator o ON o.oprname = r.name::name JOIN pg_namespace n ON n.oid = o.oprnamespace AND ${inSchema}
     LEFT JOIN pg_proc p ON p.oid = o.oprcode
     WHERE o.oid >= ${firstUserOid} OR p.oid >= ${firstUserOid} OR p.prolang <> 12 OR o.oprname = ANY ($4::name[])`,
    [[...schemas], ...columns(found.map(([{ name }]) => name)), sorting],
  );
  return rows.map((row) => {
    const types = oids(row.types);
    const uses = (found[Number(row.i) - 1] ?? []).filter(({ operands }) => operands.length === types.length);
    return candidate(
      row,
      uses.map(({ operands }) => ({ operands, shared: row.shares === true })),
    );
  });
}

async function types(backend: Backend, names: readonly Name[], schemas: readonly string[]): Promise<number[]> {
  if (names.length === 0) return [];
  const rows = await backend.query(
    `SELECT t.oid FROM ${wanted} JOIN pg_type t ON t.typname = r.name::name
     JOIN pg_namespace n ON n.oid = t.typnamespace AND ${inSchema}`,
    [[...schemas], ...columns(names)],
  );
  return rows.map((row) => Number(row.oid));
}

/** The one that the server finds for each name. */
async function firstTypes(backend: Backend, names: readonly Name[], schemas: readonly string[]): Promise<Map<string, number>> {
  const rows = await backend.query(
    `SELECT DISTINCT ON (r.i) r.i, t.oid FROM ${wanted} JOIN pg_type t ON t.typname = r.name::name
     JOIN pg_namespace n ON n.oid = t.typnamespace AND ${inSchema} ORDER BY r.i, array_position($1::text[], n.nspname::text)`,
    [[...schemas], ...columns(names)],
  );
  return new Map(rows.map((row) => [(names[Number(row.i) - 1] ?? []).join("\0"), Number(row.oid)]));
}

async function operatorTypes(backend: Backend, names: readonly Name[]): Promise<OperatorTypes[]> {
  if (names.length === 0) return [];
  const rows = await backend.query(
    `SELECT DISTINCT oprleft AS l, oprright AS r, oprresult AS result
     FROM pg_operator WHERE oprname = ANY ($1::name[]) AND oid < ${firstUserOid} AND oprresult NOT IN (16, oprleft, oprright)`,
    [names.map((name) => name.at(-1) ?? "")],
  );
  return rows.map((row) => ({ takes: [Number(row.l), Number(row.r)], gives: Number(row.result) }));
}

export async function operatorClasses(backend: Backend, names: readonly Name[], schemas: readonly string[]): Promise<number[]> {
  const rows = await backend.query(
    `SELECT o.oid FROM ${wanted} JOIN pg_opclass o ON o.opcname = r.name::name
     JOIN pg_namespace n ON n.oid = o.opcnamespace AND ${inSchema} WHERE o.oid >= ${firstUserOid}`,
    [[...schemas], ...columns(names)],
  );
  return rows.map((row) => Number(row.oid));
}

function oids(list: unknown): number[] {
  return Array.isArray(list) ? list.map(Number).filter((oid) => oid !== 0) : [];
}
