import type { Node, RangeVar } from "libpg-query";
import { refuse, type CteFrom, type From, type Sql, type TableFrom } from "../sql/ir.js";
import { alone, exported, type Around, type Compiler } from "./compiler.js";
import { cteSuffix, string } from "./nodes.js";

export function rangeVar(table: TableFrom, alias?: string): RangeVar {
  return {
    ...(table.schema === undefined ? {} : { schemaname: table.schema }),
    relname: table.name,
    inh: true,
    relpersistence: "p",
    ...(alias === undefined ? {} : { alias: { aliasname: alias } }),
  };
}

export function fromNode(compiler: Compiler, from: From, around: Around): Node {
  switch (from.kind) {
    case "table":
      compiler.noteTable(from);
      return { RangeVar: rangeVar(from) };
    case "alias":
      if (from.of.kind === "cte") {
        cteName(compiler, from.of);
        return { RangeVar: rangeVar({ kind: "table", name: compiler.name(from.of.name) }, compiler.name(from.name)) };
      }
      return { RangeVar: rangeVar(from.of, compiler.name(from.name)) };
    case "cte":
      return { RangeVar: rangeVar({ kind: "table", name: cteName(compiler, from) }) };
    case "subquery": {
      const name = compiler.name(from.name);
      const subquery = compiler.statement(
        from.statement,
        from.lateral ? around : { near: new Set(), all: around.all },
        from.lateral ? "lateral" : "from",
      );
      return { RangeSubselect: { ...(from.lateral ? { lateral: true } : {}), subquery, alias: { aliasname: name } } };
    }
    case "join":
      return joinNode(compiler, from, around);
    case "function":
      return functionNode(compiler, from, around);
  }
}

function joinNode(compiler: Compiler, from: From & { kind: "join" }, around: Around): Node {
  const larg = compiler.from(from.left, around);
  const rarg = compiler.from(from.right, around);
  const jointype = from.full ? "JOIN_FULL" : from.outer ? "JOIN_LEFT" : "JOIN_INNER";
  const always = from.on.kind === "constant" && from.on.value === "true";
  const quals = always ? compiler.expression(from.on, around) : compiler.expression(from.on, around);
  return { JoinExpr: { jointype, larg, rarg, quals } };
}

function functionNode(compiler: Compiler, from: From & { kind: "function" }, around: Around): Node {
  const call = compiler.expression(from.call, around);
  const colnames = from.derived ? (from.columns ?? []).map(({ name }) => string(name)) : [];
  const alias = { aliasname: compiler.name(from.name), ...(colnames.length > 0 ? { colnames } : {}) };
  return { RangeFunction: { functions: [{ List: { items: [call, {} as Node] } }], alias } } as Node;
}

/** The CTE is written once, before all others that use it. */
export function cteName(compiler: Compiler, cte: CteFrom): string {
  const name = compiler.name(cte.name);
  if (compiler.ctes.has(cte)) return name;
  compiler.ctes.set(cte, undefined);
  if (compiler.ctes.size > 100) refuse("more than 100 CTEs");
  const ctequery = compiler.statement(cte.statement, alone, "from");
  // Those inside stand before it.
  compiler.ctes.delete(cte);
  const columns = cte.recursive ? exported(compiler.mapping, cte.statement).map((one) => string(compiler.name(one.name))) : [];
  compiler.ctes.set(cte, {
    CommonTableExpr: {
      ctename: name,
      ...(columns.length > 0 ? { aliascolnames: columns } : {}),
      ctematerialized:
        cte.materialized === undefined ? "CTEMaterializeDefault" : cte.materialized ? "CTEMaterializeAlways" : "CTEMaterializeNever",
      ctequery,
      ...(cte.suffix === undefined ? {} : cteSuffix(cte.suffix)),
    },
  });
  return name;
}

export type { Sql };
