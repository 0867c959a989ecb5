import type { Backend } from "../backend.js";
import { useOwnPath, setLocal } from "../transaction.js";
import { notationArguments, type FunctionMention, type Mentions, type Name } from "./mentions.js";

/** First object id that is not PostgreSQL's own. */
export const firstUserOid = 16384;

export interface Candidate {
  readonly oid: number;
  /** Types of the arguments. A candidate whose argument types cannot occur is not meant. */
  readonly argumentTypes: readonly number[];
  /** The name is also that of a function or operator of PostgreSQL's own: the other candidates decide about unknown literals. */
  readonly sharesName: boolean;
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
  const [row] = await backend.query("SELECT pg_catalog.current_schemas(true)::pg_catalog.text[] AS schemas");
  await useOwnPath(backend);
  return (row?.schemas as string[] | undefined) ?? [];
}

/** Looks names up in the catalog as the server does, without having it analyse the text: analysis runs input functions of types. */
export async function resolveNames(backend: Backend, mentions: Mentions, schemas: readonly string[]): Promise<Resolved> {
  const functionNames = mentions.functions.map(({ name }) => name);
  return {
    relations: await relations(backend, mentions, schemas),
    functions: await functions(backend, mentions.functions, schemas),
    operators: await operators(backend, unique(mentions.operators), schemas),
    // `f(x)` casts where f is a type, and so does `row.f`.
    types: await types(backend, unique([...mentions.types, ...functionNames]), schemas),
    operatorTypes: await operatorTypes(backend, unique(mentions.operators)),
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

async function relations(backend: Backend, mentions: Mentions, schemas: readonly string[]): Promise<Resolved["relations"]> {
  if (mentions.relations.length === 0) return [];
  const rows = await backend.query(
    `SELECT r.i::int4 AS i, c.oid::int8::text AS oid
     FROM ${wanted} CROSS JOIN LATERAL (
       SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relname = r.name::name AND ${inSchema}
       ORDER BY array_position($1::text[], n.nspname::text) LIMIT 1) c`,
    [[...schemas], ...columns(mentions.relations.map(({ name }) => name))],
  );
  return rows.map((row) => ({ oid: Number(row.oid), written: mentions.relations[Number(row.i) - 1]?.written ?? true }));
}

async function functions(backend: Backend, mentioned: readonly FunctionMention[], schemas: readonly string[]): Promise<Candidate[]> {
  const names = unique(mentioned.map(({ name }) => name));
  if (names.length === 0) return [];
  const rows = await backend.query(
    `SELECT DISTINCT p.oid::int8::text AS oid, r.i::int4 AS i, p.pronargs AS most, p.pronargs - p.pronargdefaults AS least,
            p.provariadic <> 0 AS variadic, p.prokind = 'a' AS aggregate, string_to_array(p.proargtypes::text, ' ') AS types,
            EXISTS (SELECT FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid AND a.attname = p.proname
                    WHERE t.oid = p.proargtypes[0] AND t.typrelid <> 0 AND NOT a.attisdropped) AS is_column
     FROM ${wanted} JOIN pg_proc p ON p.proname = r.name::name JOIN pg_namespace n ON n.oid = p.pronamespace AND ${inSchema}`,
    [[...schemas], ...columns(names)],
  );
  const own = new Set(rows.filter((row) => Number(row.oid) < firstUserOid).map((row) => Number(row.i)));
  return rows.flatMap((row) => {
    const name = names[Number(row.i) - 1]?.join("\0");
    const calls = mentioned.filter((mention) => mention.name.join("\0") === name);
    if (!calls.some((call) => callable(call.arguments, row))) return [];
    return [{ oid: Number(row.oid), argumentTypes: oids(row.types), sharesName: own.has(Number(row.i)) }];
  });
}

function callable(count: number, row: Readonly<Record<string, unknown>>): boolean {
  const notation = count === notationArguments;
  if (notation && row.is_column === true) return false;
  const given = notation ? 1 : count;
  if (row.aggregate === true) return true; // ordered-set aggregates count their arguments in two places
  return given >= Number(row.least) - (row.variadic === true ? 1 : 0) && (given <= Number(row.most) || row.variadic === true);
}

/** PostgreSQL's own operators are left out while their functions are its own too. */
async function operators(backend: Backend, names: readonly Name[], schemas: readonly string[]): Promise<Candidate[]> {
  const rows = await backend.query(
    `SELECT DISTINCT o.oid::int8::text AS oid, ARRAY[o.oprleft::int8::text, o.oprright::int8::text] AS types,
            EXISTS (SELECT FROM pg_operator b WHERE b.oprname = o.oprname AND b.oid < ${firstUserOid}) AS shares
     FROM ${wanted} JOIN pg_operator o ON o.oprname = r.name::name JOIN pg_namespace n ON n.oid = o.oprnamespace AND ${inSchema}
     LEFT JOIN pg_proc p ON p.oid = o.oprcode
     WHERE o.oid >= ${firstUserOid} OR p.oid >= ${firstUserOid} OR p.prolang <> 12`,
    [[...schemas], ...columns(names)],
  );
  return rows.map((row) => ({ oid: Number(row.oid), argumentTypes: oids(row.types), sharesName: row.shares === true }));
}

async function types(backend: Backend, names: readonly Name[], schemas: readonly string[]): Promise<number[]> {
  if (names.length === 0) return [];
  const rows = await backend.query(
    `SELECT t.oid::int8::text AS oid FROM ${wanted} JOIN pg_type t ON t.typname = r.name::name
     JOIN pg_namespace n ON n.oid = t.typnamespace AND ${inSchema}`,
    [[...schemas], ...columns(names)],
  );
  return rows.map((row) => Number(row.oid));
}

async function operatorTypes(backend: Backend, names: readonly Name[]): Promise<OperatorTypes[]> {
  const rows = await backend.query(
    `SELECT DISTINCT oprleft::int8::text AS l, oprright::int8::text AS r, oprresult::int8::text AS result
     FROM pg_operator WHERE oprname = ANY ($1::text[]::name[]) AND oid < ${firstUserOid} AND oprresult NOT IN (16, oprleft, oprright)`,
    [names.map((name) => name.at(-1) ?? "")],
  );
  return rows.map((row) => ({ takes: [Number(row.l), Number(row.r)], gives: Number(row.result) }));
}

export async function operatorClasses(backend: Backend, names: readonly Name[], schemas: readonly string[]): Promise<number[]> {
  const rows = await backend.query(
    `SELECT o.oid::int8::text AS oid FROM ${wanted} JOIN pg_opclass o ON o.opcname = r.name::name
     JOIN pg_namespace n ON n.oid = o.opcnamespace AND ${inSchema} WHERE o.oid >= ${firstUserOid}`,
    [[...schemas], ...columns(names)],
  );
  return rows.map((row) => Number(row.oid));
}

function oids(list: unknown): number[] {
  return Array.isArray(list) ? list.map(Number).filter((oid) => oid !== 0) : [];
}
