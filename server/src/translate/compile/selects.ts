import type { Node, SelectStmt } from "libpg-query";
import { refuse, type Compound, type From, type Select, type Sql } from "../sql/ir.js";
import { normalised } from "./froms.js";
import { within, exported, type Around, type Compiler, type Place } from "./compiler.js";
import { exportsOf, type Export } from "./exports.js";
import { columnRef, integer, starRef, string, target } from "./nodes.js";
import { wrapped } from "./nested.js";
import { planSelect } from "./plan.js";
import { distinctOf, junction, saysNothing } from "../sql/make.js";

export function selectNode(compiler: Compiler, select: Select, around: Around, place: Place): SelectStmt {
  const core = planSelect(compiler.mapping, select, compiler.columnsOf, place === "lateral" ? "from" : place);
  const whole = core.eager && wrapped(select, core.eager, compiler.columnsOf);
  if (whole) return selectNode(compiler, whole, around, place);
  const froms = correlated(select, core.froms, around, place);
  const inside = within(around, core.froms);
  const exports =
    place === "from" || place === "lateral"
      ? exported(compiler.mapping, select)
      : exportsOf(core.columns, (select.legacy || select.tableLabels === true) && place === "top", false, select.bare);
  for (const cte of select.ctes) compiler.from(cte, around);
  const first = exports[0] && distinctOf(exports[0].sql);
  const targetList = exports.map((one, at) => targetNode(compiler, first && at === 0 ? { ...one, sql: first } : one, inside));
  // `SELECT DISTINCT x`, or `distinct(x)`: PostgreSQL reads the same.
  const distinct = first ? [{} as Node] : distinctNodes(compiler, select, inside);
  const fromClause = froms.map((from) => compiler.from(from, inside));
  const labels = new Map(exports.flatMap((one) => (one.label === undefined ? [] : [[one.sql, one.label] as const])));
  const reference = (sql: Sql) => labelled(compiler, sql, labels, inside);
  return {
    ...(distinct ? { distinctClause: distinct } : {}),
    targetList,
    ...(fromClause.length > 0 ? { fromClause } : {}),
    ...conditions(compiler, core.where, "whereClause", inside),
    ...(select.group.length > 0 ? { groupClause: select.group.map((sql) => groupNode(compiler, sql, reference, inside)) } : {}),
    ...conditions(compiler, select.having, "havingClause", inside),
    ...tail(compiler, { ...select, order: [...select.order, ...core.order] }, reference, inside),
    ...(select.lock ? { lockingClause: [lockNode(compiler, select.lock)] } : {}),
    op: "SETOP_NONE",
  } as SelectStmt;
}

function conditions(compiler: Compiler, list: readonly Sql[], field: string, inside: Around): Record<string, Node> {
  const all = junction("AND", list);
  return saysNothing(all) ? {} : { [field]: compiler.expression(all, inside) };
}

/** Labels are written out here, except where the code gives them by name. */
function groupNode(compiler: Compiler, sql: Sql, reference: (sql: Sql) => Node, inside: Around): Node {
  if (sql.kind === "sort" && sql.item.kind === "label") return reference(sql.item);
  return compiler.expression(sql.kind === "label" ? sql.item : sql, inside);
}

/** ORDER BY, LIMIT, OFFSET of a SELECT or of a set operation. */
function tail(compiler: Compiler, of: Pick<Select, "order" | "limit" | "offset">, reference: (sql: Sql) => Node, inside: Around) {
  const sort = of.order.map((item) => sortNode(item, reference));
  return {
    ...(sort.length > 0 ? { sortClause: sort } : {}),
    // LIMIT ALL stands before a lone OFFSET.
    ...(of.limit
      ? { limitCount: compiler.expression(of.limit, inside) }
      : of.offset
        ? { limitCount: { A_Const: { isnull: true } } as Node }
        : {}),
    ...(of.offset ? { limitOffset: compiler.expression(of.offset, inside) } : {}),
    limitOption: of.limit || of.offset ? "LIMIT_OPTION_COUNT" : "LIMIT_OPTION_DEFAULT",
  };
}

export function sortNode(item: Sql, reference: (sql: Sql) => Node): Node {
  const sort = item.kind === "sort" ? item : undefined;
  const inner = sort && sort.item.kind === "sort" ? refuse("a sort key has two directions") : (sort?.item ?? item);
  return {
    SortBy: {
      node: reference(inner),
      sortby_dir: sort?.descending === undefined ? "SORTBY_DEFAULT" : sort.descending ? "SORTBY_DESC" : "SORTBY_ASC",
      sortby_nulls:
        sort?.nulls === undefined ? "SORTBY_NULLS_DEFAULT" : sort.nulls === "first" ? "SORTBY_NULLS_FIRST" : "SORTBY_NULLS_LAST",
    },
  } as Node;
}

/** A label of the column list stands for its expression in ORDER BY and GROUP BY; anything else is written out. */
function labelled(
  compiler: Compiler,
  sql: Sql,
  labels: ReadonlyMap<Sql, Sql extends never ? never : Export["name"]>,
  inside: Around,
): Node {
  if (sql.kind === "label") {
    const label = labels.get(sql.item);
    return label === sql.name ? columnRef(compiler.name(sql.name)) : compiler.expression(sql.item, inside);
  }
  return compiler.expression(sql, inside);
}

function targetNode(compiler: Compiler, { sql, label }: Export, inside: Around): Node {
  if (sql.kind === "constant" && sql.value === "star") return target(starRef());
  // A made-up name takes its number before the binds inside of the expression do.
  const name = label === undefined ? undefined : compiler.name(label);
  return target(compiler.expression(sql, inside), name);
}

/** What the statements around have in FROM is not repeated; a FROM clause never becomes empty by itself. */
function correlated(select: Select, froms: readonly From[], around: Around, place: Place): From[] {
  const list = normalised(froms);
  const { correlate } = select;
  if (correlate?.only) return list.filter((from) => !(around.all.has(from) && correlate.only!.includes(from)));
  if (correlate?.except) return list.filter((from) => !around.all.has(from) || correlate.except!.includes(from));
  if (place === "from" || list.length <= 1) return list;
  const left = list.filter((from) => !around.near.has(from));
  return left.length === 0 ? refuse("a subquery has no FROM item that the statement around it does not have") : left;
}

function distinctNodes(compiler: Compiler, { distinct }: Select, inside: Around): Node[] | undefined {
  if (distinct === false) return undefined;
  return distinct === true ? [{} as Node] : distinct.map((item) => compiler.expression(item, inside));
}

function lockNode(compiler: Compiler, lock: NonNullable<Select["lock"]>): Node {
  const lockedRels = lock.of.map((from): Node => {
    const name = from.kind === "table" ? from.name : from.kind === "join" ? refuse("FOR UPDATE OF a join") : compiler.name(from.name);
    return { RangeVar: { relname: name, inh: true, relpersistence: "p" } };
  });
  return {
    LockingClause: { ...(lockedRels.length > 0 ? { lockedRels } : {}), strength: lock.strength, waitPolicy: lock.wait ?? "LockWaitBlock" },
  } as Node;
}

export function compoundNode(compiler: Compiler, compound: Compound, around: Around, place: Place): SelectStmt {
  const parts = compound.parts.map((part) => {
    const node = compiler.statement(part, around, place === "from" || place === "lateral" ? place : "inner");
    return (node as { SelectStmt: SelectStmt }).SelectStmt;
  });
  const whole = parts.reduce(
    (larg, rarg): SelectStmt =>
      ({ op: compound.op, ...(compound.all ? { all: true } : {}), larg, rarg, limitOption: "LIMIT_OPTION_DEFAULT" }) as SelectStmt,
  );
  const reference = (sql: Sql) => compoundReference(compiler, compound, sql, around);
  return { ...whole, ...tail(compiler, compound, reference, around) } as SelectStmt;
}

/** Set operations are sorted by names of their columns. */
function compoundReference(compiler: Compiler, compound: Compound, sql: Sql, around: Around): Node {
  const of = sql.kind === "label" ? sql.name : sql.kind === "column" ? sql.name : undefined;
  const known = of !== undefined && exported(compiler.mapping, compound).some((one) => one.name === of);
  return known ? columnRef(compiler.name(of)) : compiler.expression(sql, around);
}

export { integer, string };
