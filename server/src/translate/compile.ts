import { deparseSync } from "pgsql-deparser";
import type { Node, ParseResult } from "libpg-query";
import type { TranslatedParameter } from "#protocol/translation";
import { parseSql, statementKey } from "../sql/index.js";
import { alone, Compiler } from "./compile/compiler.js";
import { sameTree } from "./compile/nodes.js";
import type { Mapping } from "./mapping/mapping.js";
import { baseTable } from "./mapping/keys.js";
import { pythonTypeOf } from "./sql/types.js";
import { refuse, type Sql, type Statement } from "./sql/ir.js";

export interface Compiled {
  readonly sql: string;
  readonly parameters: readonly TranslatedParameter[];
  readonly fingerprint: string;
}

/** The statement as PostgreSQL gets it. Refuses what the deparser cannot write so that it means the same. */
export function compileStatement(mapping: Mapping, statement: Statement): Compiled {
  const compiler = new Compiler(mapping);
  const body = compiler.statement(statement, alone, "top");
  const tree = withCtes(compiler, body);
  const { sql, order } = written(tree);
  if (compiler.ambiguous()) return refuse("tables of one name in different schemas");
  const parameters = order.map((number, at) => parameterOf(compiler.binds[number - 1]!, at + 1));
  return { sql, parameters, fingerprint: statementKey(sql) };
}

function withCtes(compiler: Compiler, body: Node): Node {
  if (compiler.ctes.size === 0) return body;
  const ctes = [...compiler.ctes.values()].flatMap((node) => node ?? []);
  const recursive = [...compiler.ctes.keys()].some((cte) => cte.recursive);
  const [[tag, inner]] = Object.entries(body) as [[string, object]];
  const before = (inner as { withClause?: object }).withClause;
  if (before) return refuse("a textual statement with CTEs of its own");
  return { [tag]: { ...inner, withClause: { ctes, ...(recursive ? { recursive: true } : {}) } } } as Node;
}

/** Placeholders get their numbers in the order of the text. */
function written(tree: Node): { sql: string; order: readonly number[] } {
  const first = roundTrip(tree);
  const order: number[] = [];
  collect(first.tree, (ref) => !order.includes(ref.number) && order.push(ref.number));
  // Mostly they have them already.
  if (order.every((number, at) => number === at + 1)) return { sql: first.sql, order };
  const numbered = renumbered(tree, new Map(order.map((number, at) => [number, at + 1])));
  return { sql: roundTrip(numbered as Node).sql, order };
}

/** Writes the tree and reads it again: another tree than before is a refusal. */
function roundTrip(tree: Node): { sql: string; tree: unknown } {
  const sql = deparseSync([tree]);
  const outcome = parseSql(sql);
  if (!outcome.ok) return refuse(`the statement cannot be written: ${outcome.message}`);
  const again = (outcome.tree as ParseResult).stmts?.[0]?.stmt;
  if (outcome.tree.stmts?.length !== 1 || !sameTree(again, tree))
    return refuse("the statement cannot be written so that PostgreSQL reads the same");
  return { sql, tree: again };
}

interface ParamRef {
  readonly number: number;
  readonly location?: number;
}
/** Placeholders in the order of the text. */
function collect(tree: unknown, visit: (ref: ParamRef) => void): void {
  const found: ParamRef[] = [];
  const inside = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(inside);
    if (typeof value !== "object" || value === null) return;
    const { ParamRef: ref } = value as { ParamRef?: ParamRef };
    if (ref) found.push(ref);
    else Object.values(value).forEach(inside);
  };
  inside(tree);
  found.sort((a, b) => (a.location ?? 0) - (b.location ?? 0)).forEach(visit);
}

function renumbered(value: unknown, numbers: ReadonlyMap<number, number>): unknown {
  if (Array.isArray(value)) return value.map((item) => renumbered(item, numbers));
  if (typeof value !== "object" || value === null) return value;
  const { ParamRef: ref } = value as { ParamRef?: ParamRef };
  if (ref) return { ParamRef: { number: numbers.get(ref.number) ?? ref.number } };
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, renumbered(child, numbers)]));
}

function parameterOf(bind: Sql & { kind: "bind" }, position: number): TranslatedParameter {
  const { bound, type } = bind;
  const pythonType = bound.pythonType ?? pythonTypeOf(type);
  const compared = bind.column?.kind === "column" ? bind.column : undefined;
  const table = compared && baseTable(compared.from);
  return {
    position,
    ...(bound.name === undefined ? {} : { name: bound.name }),
    ...(pythonType === undefined ? {} : { pythonType }),
    ...(type ? { sqlType: type } : {}),
    ...(bound.value === undefined ? {} : { value: bound.value }),
    ...(bound.expanding ? { expanding: true } : {}),
    ...(compared && table && typeof compared.name === "string"
      ? { column: { ...(table.schema === undefined ? {} : { schema: table.schema }), table: table.name, column: compared.name } }
      : {}),
  };
}
