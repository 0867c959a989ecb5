import type { Backend, Row } from "../backend.js";
import { firstUserOid } from "./names.js";

/** One thing that hangs on an object: another object, or a stored expression. */
export interface Detail {
  readonly owner: number;
  readonly what: string;
  readonly name: string;
  readonly oid?: number;
  readonly tree?: string;
}

function detail(row: Row): Detail {
  return {
    owner: Number(row.owner),
    what: String(row.what),
    name: String(row.name),
    ...(row.oid === null ? {} : { oid: Number(row.oid) }),
    ...(row.tree === null ? {} : { tree: String(row.tree) }),
  };
}

const ids = "SELECT unnest($1::oid[])";

/** `planned`: a statement that writes is planned, so rules and defaults count; `run`: it is run, with triggers and foreign keys. */
export type Writing = "no" | "planned" | "run";

/** All that the server may run when it plans or reads these relations, and what it may run when it plans or does writes to them. */
export async function relationDetails(backend: Backend, relations: readonly number[], writing: Writing): Promise<Detail[]> {
  const parts = {
    no: [readingRelations],
    planned: [readingRelations, planningWrites],
    run: [readingRelations, planningWrites, runningWrites],
  };
  const rows = await backend.query(parts[writing].join(" UNION ALL "), [relations.map(String)]);
  return rows.map(detail);
}

/** A partition is read and written under conditions that are made of the keys of the tables above it. */
const selfAndAncestors = "(SELECT r.oid UNION SELECT a::oid FROM pg_partition_ancestors(r.oid::regclass) a)";

const readingRelations = `
  WITH r AS (${ids} AS oid)
  SELECT c.oid AS owner, 'kind' AS what, c.relkind::text || format('%I.%I', n.nspname, c.relname) AS name, NULL::oid AS oid, NULL::text AS tree
    FROM r JOIN pg_class c USING (oid) JOIN pg_namespace n ON n.oid = c.relnamespace
  UNION ALL SELECT a.attrelid, 'column', a.attname::text, a.atttypid, NULL
    FROM r JOIN pg_attribute a ON a.attrelid = r.oid WHERE a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT c.oid, 'type', 'row', c.reltype, NULL FROM r JOIN pg_class c USING (oid) WHERE c.reltype <> 0
  UNION ALL SELECT w.ev_class, 'view', w.rulename::text, NULL, w.ev_action::text
    FROM r JOIN pg_class c USING (oid) JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.ev_type = '1' AND c.relkind = 'v'
  UNION ALL SELECT p.polrelid, 'policy', p.polname::text, NULL, coalesce(p.polqual::text, '') || ' ' || coalesce(p.polwithcheck::text, '')
    FROM r JOIN pg_policy p ON p.polrelid = r.oid JOIN pg_class c ON c.oid = r.oid WHERE c.relrowsecurity
  UNION ALL SELECT d.adrelid, 'generated column', a.attname::text, NULL, d.adbin::text
    FROM r JOIN pg_attrdef d ON d.adrelid = r.oid JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attgenerated <> ''
  UNION ALL SELECT k.conrelid, 'check constraint', k.conname::text, NULL, k.conbin::text
    FROM r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.conbin IS NOT NULL
  UNION ALL SELECT i.indrelid, 'index', x.relname::text, NULL, coalesce(i.indexprs::text, '') || ' ' || coalesce(i.indpred::text, '')
    FROM r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indexprs IS NOT NULL OR i.indpred IS NOT NULL
  UNION ALL SELECT i.indrelid, 'operator class of index', x.relname::text, o.oid, NULL
    FROM r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_opclass o ON o.oid = ANY (i.indclass) WHERE o.oid >= ${firstUserOid}
  UNION ALL SELECT r.oid, 'access method', a.amname::text, a.amhandler::oid, NULL
    FROM r JOIN pg_class x ON x.oid = r.oid OR x.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = r.oid) JOIN pg_am a ON a.oid = x.relam
    WHERE a.oid >= ${firstUserOid}
  UNION ALL SELECT r.oid, 'partition key', '', NULL, t.partexprs::text
    FROM r CROSS JOIN LATERAL ${selfAndAncestors} k JOIN pg_partitioned_table t ON t.partrelid = k.oid WHERE t.partexprs IS NOT NULL
  UNION ALL SELECT r.oid, 'operator class of partition key', o.opcname::text, o.oid, NULL
    FROM r CROSS JOIN LATERAL ${selfAndAncestors} k JOIN pg_partitioned_table t ON t.partrelid = k.oid JOIN pg_opclass o ON o.oid = ANY (t.partclass)
    WHERE o.oid >= ${firstUserOid}
  UNION ALL SELECT c.oid, 'partition bound', c.relname::text, NULL, c.relpartbound::text
    FROM r JOIN pg_class c USING (oid) WHERE c.relpartbound IS NOT NULL
  UNION ALL SELECT s.stxrelid, 'statistics', s.stxname::text, NULL, to_jsonb(s) ->> 'stxexprs'
    FROM r JOIN pg_statistic_ext s ON s.stxrelid = r.oid WHERE to_jsonb(s) ->> 'stxexprs' IS NOT NULL
  UNION ALL SELECT h.inhparent, 'child', c.relname::text, h.inhrelid, NULL
    FROM r JOIN pg_inherits h ON h.inhparent = r.oid JOIN pg_class c ON c.oid = h.inhrelid
  UNION ALL SELECT f.ftrelid, 'foreign table', s.srvname || ' (' || w.fdwname || ')', NULL,
                   concat_ws('|', s.srvoptions, f.ftoptions, w.fdwname, w.fdwoptions)
    FROM r JOIN pg_foreign_table f ON f.ftrelid = r.oid JOIN pg_foreign_server s ON s.oid = f.ftserver JOIN pg_foreign_data_wrapper w ON w.oid = s.srvfdw`;

const planningWrites = `
  SELECT w.ev_class, 'rule', w.rulename::text, NULL, w.ev_qual::text || ' ' || w.ev_action::text
    FROM r JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.ev_type <> '1' AND w.ev_enabled <> 'D'
  UNION ALL SELECT d.adrelid, 'default', a.attname::text, NULL, d.adbin::text
    FROM r JOIN pg_attrdef d ON d.adrelid = r.oid JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE a.attgenerated = ''`;

const runningWrites = `
  SELECT t.tgrelid, 'trigger', t.tgname::text, t.tgfoid, t.tgqual::text
    FROM r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE t.tgenabled <> 'D'
  UNION ALL SELECT k.confrelid, 'cascade', k.conname::text, k.conrelid, NULL
    FROM r JOIN pg_constraint k ON k.confrelid = r.oid WHERE k.contype = 'f' AND (k.confupdtype IN ('c', 'n', 'd') OR k.confdeltype IN ('c', 'n', 'd'))
  UNION ALL SELECT k.conrelid, 'foreign key', k.conname::text, k.confrelid, NULL
    FROM r JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype = 'f'`;

/** All that the server may run when it reads, compares or prints values of these types. */
export async function typeDetails(backend: Backend, types: readonly number[]): Promise<Detail[]> {
  const rows = await backend.query(typesText, [types.map(String)]);
  return rows.map(detail);
}

/** Version 13 has no multiranges, and no such column. */
const multirangeOf = "(to_jsonb(g) ->> 'rngmultitypid')";

const typesText = `
  WITH r AS (${ids} AS oid)
  SELECT t.oid AS owner, 'kind' AS what, t.typtype::text || format_type(t.oid, NULL) AS name, NULL::oid AS oid, NULL::text AS tree
    FROM r JOIN pg_type t USING (oid)
  UNION ALL SELECT t.oid, 'type', 'base, element or array', e, NULL
    FROM r JOIN pg_type t USING (oid) CROSS JOIN LATERAL unnest(ARRAY[t.typbasetype, t.typelem, t.typarray]) e WHERE e <> 0
  UNION ALL SELECT t.oid, 'relation', 'fields', t.typrelid, NULL FROM r JOIN pg_type t USING (oid) WHERE t.typrelid <> 0
  UNION ALL SELECT t.oid, 'function', 'input or output', f, NULL
    FROM r JOIN pg_type t USING (oid) CROSS JOIN LATERAL
         unnest(ARRAY[t.typinput::oid, t.typoutput::oid, t.typreceive::oid, t.typsend::oid, t.typmodin::oid, t.typmodout::oid, t.typanalyze::oid]) f
    WHERE f <> 0 AND t.typtype = 'b' AND t.typinput <> 'array_in'::regproc
  UNION ALL SELECT k.contypid, 'check', k.conname::text, NULL, k.conbin::text
    FROM r JOIN pg_constraint k ON k.contypid = r.oid WHERE k.conbin IS NOT NULL
  UNION ALL SELECT t.oid, 'default', 'default', NULL, t.typdefaultbin::text FROM r JOIN pg_type t USING (oid) WHERE t.typdefaultbin IS NOT NULL
  UNION ALL SELECT g.rngtypid, 'type', 'element', g.rngsubtype, NULL FROM r JOIN pg_range g ON g.rngtypid = r.oid
  UNION ALL SELECT g.rngtypid, 'function', 'canonical form or difference', f, NULL
    FROM r JOIN pg_range g ON g.rngtypid = r.oid CROSS JOIN LATERAL unnest(ARRAY[g.rngcanonical::oid, g.rngsubdiff::oid]) f WHERE f <> 0
  UNION ALL SELECT g.rngtypid, 'operator class', 'order', g.rngsubopc, NULL FROM r JOIN pg_range g ON g.rngtypid = r.oid WHERE g.rngsubopc >= ${firstUserOid}
  UNION ALL SELECT r.oid, 'type', 'range or multirange', m.oid, NULL
    FROM r JOIN pg_range g ON g.rngtypid = r.oid OR ${multirangeOf} = (to_jsonb(r.oid) #>> '{}')
    JOIN pg_type m ON m.oid = g.rngtypid OR ${multirangeOf} = (to_jsonb(m.oid) #>> '{}')
  UNION ALL SELECT o.opcintype, 'operator class', o.opcname::text, o.oid, NULL
    FROM r JOIN pg_opclass o ON o.opcintype = r.oid`;

/** Functions and operators of operator classes, with their whole families: a family mixes types. */
export async function operatorClassDetails(backend: Backend, classes: readonly number[]): Promise<Detail[]> {
  const rows = await backend.query(
    `WITH r AS (SELECT o.oid, o.opcfamily FROM (${ids} AS oid) x JOIN pg_opclass o USING (oid))
     SELECT r.oid AS owner, 'function' AS what, 'support function' AS name, p.amproc::oid AS oid, NULL AS tree
       FROM r JOIN pg_amproc p ON p.amprocfamily = r.opcfamily
     UNION ALL SELECT r.oid, 'operator', 'operator', a.amopopr, NULL FROM r JOIN pg_amop a ON a.amopfamily = r.opcfamily`,
    [classes.map(String)],
  );
  return rows.map(detail);
}

/** Sorting, merging and hashing take the first family that holds the operator: PostgreSQL's own where there is one. */
const families = `r JOIN pg_amop a ON a.amopopr = r.oid JOIN pg_opfamily f ON f.oid = a.amopfamily AND f.oid >= ${firstUserOid}
       AND NOT EXISTS (SELECT FROM pg_amop o WHERE o.amopopr = a.amopopr AND o.amopmethod = a.amopmethod AND o.amopfamily < ${firstUserOid})`;

export async function operatorDetails(backend: Backend, operators: readonly number[]): Promise<Detail[]> {
  const rows = await backend.query(
    `WITH r AS (${ids} AS oid)
     SELECT o.oid AS owner, 'kind' AS what, format('%I.%s(%s, %s)', n.nspname, o.oprname, format_type(o.oprleft, NULL), format_type(o.oprright, NULL)) AS name,
            NULL::oid AS oid, NULL::text AS tree
       FROM r JOIN pg_operator o USING (oid) JOIN pg_namespace n ON n.oid = o.oprnamespace
     UNION ALL SELECT o.oid, 'function', 'function', f, NULL
       FROM r JOIN pg_operator o USING (oid) CROSS JOIN LATERAL unnest(ARRAY[o.oprcode::oid, o.oprrest::oid, o.oprjoin::oid]) f WHERE f <> 0
     UNION ALL SELECT o.oid, 'operator', 'commutator or negator', f, NULL
       FROM r JOIN pg_operator o USING (oid) CROSS JOIN LATERAL unnest(ARRAY[o.oprcom, o.oprnegate]) f WHERE f >= ${firstUserOid}
     UNION ALL SELECT a.amopopr, 'function', 'support function of its operator family', p.amproc::oid, NULL FROM ${families} JOIN pg_amproc p ON p.amprocfamily = f.oid
     UNION ALL SELECT a.amopopr, 'operator', 'operator family', b.amopopr, NULL FROM ${families} JOIN pg_amop b ON b.amopfamily = f.oid
       WHERE b.amopopr >= ${firstUserOid}`,
    [operators.map(String)],
  );
  return rows.map(detail);
}

/**
 * What may run although nothing names it: casts, default operator classes of built-in types, and additions to built-in operator families.
 * Only from the types that can occur, `builtin` ones and users'. Implicit casts lead to further types.
 */
export async function ambientDetails(
  backend: Backend,
  types: readonly number[],
  builtin: readonly number[],
  arrays: boolean,
): Promise<Detail[]> {
  const rows = await backend.query(
    `WITH u AS (${ids} AS oid), n AS (SELECT unnest($2::oid[]) AS oid UNION SELECT oid FROM u),
       s AS (SELECT oid FROM n UNION SELECT e FROM n JOIN pg_type t USING (oid) CROSS JOIN LATERAL unnest(ARRAY[t.typelem, CASE WHEN $3::bool THEN t.typarray END]) e
             UNION SELECT e FROM n JOIN pg_range g ON n.oid IN (g.rngtypid, g.rngsubtype) OR ${multirangeOf} = (to_jsonb(n.oid) #>> '{}')
               CROSS JOIN LATERAL unnest(ARRAY[g.rngtypid, g.rngsubtype]) e WHERE n.oid <> g.rngsubtype)
     SELECT k.casttarget AS owner, 'function' AS what, format('cast from %s to %s', format_type(k.castsource, NULL), format_type(k.casttarget, NULL)) AS name,
            k.castfunc::oid AS oid, NULL::text AS tree
       FROM pg_cast k WHERE k.oid >= ${firstUserOid} AND k.castfunc <> 0
        AND k.castsource IN (SELECT oid FROM s) AND (k.casttarget < ${firstUserOid} OR k.casttarget IN (SELECT oid FROM u))
     UNION ALL SELECT k.casttarget, 'type', 'implicit cast to ' || format_type(k.casttarget, NULL), k.casttarget, NULL
       FROM pg_cast k WHERE k.oid >= ${firstUserOid} AND k.castcontext = 'i' AND k.casttarget >= ${firstUserOid}
        AND k.castsource IN (SELECT oid FROM s)
     UNION ALL SELECT o.opcintype, 'operator class', 'operator class ' || o.opcname, o.oid, NULL
       FROM pg_opclass o WHERE o.oid >= ${firstUserOid} AND o.opcdefault AND o.opcintype < ${firstUserOid} AND o.opcintype IN (SELECT oid FROM s)
     UNION ALL SELECT p.amproclefttype, 'function', 'addition to operator family ' || f.opfname, p.amproc::oid, NULL
       FROM pg_amproc p JOIN pg_opfamily f ON f.oid = p.amprocfamily WHERE f.oid < ${firstUserOid} AND p.oid >= ${firstUserOid}
        AND p.amproclefttype IN (SELECT oid FROM s) AND (p.amprocrighttype < ${firstUserOid} OR p.amprocrighttype IN (SELECT oid FROM u))
     UNION ALL SELECT a.amoplefttype, 'operator', 'addition to operator family ' || f.opfname, a.amopopr, NULL
       FROM pg_amop a JOIN pg_opfamily f ON f.oid = a.amopfamily WHERE f.oid < ${firstUserOid} AND a.oid >= ${firstUserOid}
        AND a.amoplefttype IN (SELECT oid FROM s) AND (a.amoprighttype < ${firstUserOid} OR a.amoprighttype IN (SELECT oid FROM u))`,
    [types.map(String), builtin.map(String), arrays],
  );
  return rows.map(detail);
}

/** The same for every statement. */
export async function replacedBuiltinDetails(backend: Backend): Promise<Detail[]> {
  return (await backend.query(replacedBuiltins)).map(detail);
}

/** polygon(circle) is in SQL from the start, and harmless. */
const sqlCasts = "1544";

/** PostgreSQL's own functions that somebody has written anew: casts, comparisons and aggregates call them without a name. */
const replacedBuiltins = `
  SELECT p.oid AS owner, 'function' AS what, 'replaced function of PostgreSQL itself' AS name, p.oid AS oid, NULL::text AS tree
  FROM pg_proc p WHERE p.oid < ${firstUserOid} AND (p.prolang NOT IN (12, 13, 14)
    OR (p.prolang = 14 AND p.oid NOT IN (${sqlCasts}) AND p.oid IN (SELECT castfunc FROM pg_cast UNION ALL SELECT amproc FROM pg_amproc UNION ALL SELECT aggtransfn FROM pg_aggregate)))`;

export interface FunctionRow {
  readonly oid: number;
  readonly name: string;
  readonly language: string;
  readonly kind: string;
  readonly volatile: boolean;
  readonly source: string;
  /** The CREATE FUNCTION statement of a function in PL/pgSQL; else empty. */
  readonly created: string;
  readonly library: string;
  readonly settings: readonly string[];
  /** Parsed body (SQL, 14+) and defaults of arguments. */
  readonly trees: string;
  readonly hasParsedBody: boolean;
  /** Aggregates' helpers and planner support. */
  readonly helpers: readonly number[];
  /** Of an aggregate that is the first value in an order; else 0. */
  readonly sortOperator: number;
  /** The role that a SECURITY DEFINER function runs as. */
  readonly definer?: string;
  readonly types: readonly number[];
  /** Member of an extension; a superuser may have put it there. */
  readonly ofExtension: boolean;
  /** All that makes the definition: its hash is what a user trusts. */
  readonly definition: string;
}

/** By what runs the body: the name of a language can be given to another one. */
const language = `
  (CASE p.prolang WHEN 12 THEN 'internal' WHEN 13 THEN 'c' WHEN 14 THEN 'sql'
     ELSE CASE WHEN h.probin = '$libdir/plpgsql' AND h.prosrc = 'plpgsql_call_handler' THEN 'plpgsql' ELSE 'the language ' || l.lanname END END)`;

export async function functionRows(backend: Backend, functions: readonly number[]): Promise<FunctionRow[]> {
  const rows = await backend.query(
    `WITH r AS (${ids} AS oid)
     SELECT p.oid AS oid, format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS name, ${language} AS language,
            CASE WHEN ${language} = 'plpgsql' THEN pg_get_functiondef(p.oid) ELSE '' END AS created, coalesce(pg_get_function_result(p.oid), '') AS result,
            p.prokind::text AS kind, p.provolatile = 'v' AS volatile, p.prosrc AS source, coalesce(p.probin, '') AS library,
            coalesce(p.proconfig, '{}') AS settings, coalesce(to_jsonb(p) ->> 'prosqlbody', '') AS body, coalesce(p.proargdefaults::text, '') AS defaults,
            ARRAY(SELECT f FROM unnest(ARRAY[p.prosupport::oid, a.aggtransfn::oid, a.aggfinalfn::oid, a.aggcombinefn::oid, a.aggserialfn::oid,
              a.aggdeserialfn::oid, a.aggmtransfn::oid, a.aggminvtransfn::oid, a.aggmfinalfn::oid]) f WHERE f <> 0) AS helpers, a.aggsortop AS sort_operator,
            ARRAY(SELECT t FROM unnest(p.proargtypes) t UNION SELECT t FROM unnest(p.proallargtypes) t
              UNION SELECT t FROM unnest(ARRAY[p.prorettype, p.provariadic, a.aggtranstype]) t WHERE t <> 0) AS types,
            CASE WHEN p.prosecdef THEN pg_get_userbyid(p.proowner) END AS definer,
            EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') AS of_extension,
            concat_ws('|', n.nspname, p.proname, pg_get_function_arguments(p.oid), format_type(p.prorettype, NULL), l.lanname, p.prokind, p.provolatile, p.prosecdef,
              pg_get_userbyid(p.proowner), p.proconfig, p.probin, p.prosrc, to_jsonb(p) ->> 'prosqlbody',
              a.aggtransfn, a.aggfinalfn, a.agginitval, format_type(a.aggtranstype, NULL)) AS definition
     FROM r JOIN pg_proc p USING (oid) JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
     LEFT JOIN pg_proc h ON h.oid = l.lanplcallfoid LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid`,
    [functions.map(String)],
  );
  return rows.map((row) => ({
    oid: Number(row.oid),
    name: String(row.name),
    language: String(row.language),
    kind: String(row.kind),
    volatile: row.volatile === true,
    source: String(row.source),
    created: withReadableResult(String(row.created), String(row.result)),
    library: String(row.library),
    settings: row.settings as string[],
    trees: `${String(row.body)} ${String(row.defaults)}`,
    hasParsedBody: row.body !== "",
    helpers: (row.helpers as unknown[]).map(Number),
    sortOperator: Number(row.sort_operator ?? 0),
    types: (row.types as unknown[]).map(Number),
    ...(row.definer === null ? {} : { definer: String(row.definer) }),
    ofExtension: row.of_extension === true,
    definition: String(row.definition),
  }));
}

/** The parser knows no types of users and takes each for a record, of which it allows no arrays as results. What a function gives is in `types`. */
function withReadableResult(created: string, result: string): string {
  return result.endsWith("[]")
    ? created.replace(`\n RETURNS ${result}\n`, `\n RETURNS ${result.startsWith("SETOF ") ? "SETOF " : ""}text[]\n`)
    : created;
}
