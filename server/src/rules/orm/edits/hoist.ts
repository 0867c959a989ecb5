import { forEachExpr, partsOf, type Expr, type FileFacts, type FunctionFact, type Stmt } from "../../../python/index.js";
import type { Entity, Execution, Iteration, OrmIndex } from "../../../orm/index.js";
import type { EditDraft, FixDraft, NewText } from "../../rule.js";
import { referTo } from "./imports.js";
import { lookupAt, type Lookup } from "./lookups.js";
import { functionAt, statementsAround } from "./syntax.js";

/**
 * Asks for all rows before the loop and looks each up in a dictionary: for a query of one row by its primary key or a unique column, in a loop
 * over a list.
 */
export function hoisted(index: OrmIndex, execution: Execution, loop: Iteration): FixDraft | undefined {
  const { file, span, query, iterations } = execution;
  const facts = index.files.get(file);
  const target = query?.targets[0]?.value;
  const entity = target?.kind === "entityClass" && !target.aliased ? index.entities.get(target.entity) : undefined;
  // Before the loop there is no session yet.
  if (execution.ownSession || !facts || !entity || iterations.length !== 1 || execution.path.length > 0 || loop.file !== file)
    return undefined;
  const fn = facts.functions[functionAt(facts, span.start)]!;
  const place = placeOf(fn, span.start, loop);
  const lookup = place && lookupAt(place.scope, span);
  if (!place || !lookup) return undefined;
  const column = lookup.column ?? primaryKey(entity);
  if (column === undefined || !isKey(entity, column)) return undefined;
  if (place.before.kind === "for" && changesRows(place.before.body)) return undefined;
  const list = listOf(file, facts, fn, place, loop);
  const keys = list && keysOf(lookup.key, place.target, list.text);
  return list && keys ? draft(file, facts, { lookup, column, entity, keys, before: place.before, list }) : undefined;
}

const changing = new Set(["add", "add_all", "merge", "delete", "commit", "rollback", "flush", "expire_all"]);

/** What the loop adds is not in the dictionary, and what it commits expires there. */
function changesRows(body: readonly Stmt[]): boolean {
  let found = false;
  forEachExpr(body, (expr) => {
    if (expr.kind === "call" && expr.callee.kind === "attribute") found ||= changing.has(expr.callee.name);
  });
  return found;
}

interface Place {
  /** The statement in front of which the new query goes. */
  readonly before: Stmt;
  /** The expression that holds the query. */
  readonly scope: Expr;
  readonly target: Expr;
  readonly iter: Expr;
}

/** The loop's statement, or the one that holds the comprehension. */
function placeOf(fn: FunctionFact, at: number, loop: Iteration): Place | undefined {
  const around = statementsAround(fn.body, at);
  const last = around.at(-1);
  const scope = last && partsOf(last).exprs.find((expr) => expr.start <= at && at < expr.end);
  if (!last || !scope) return undefined;
  const statement = around.findLast((one) => one.kind === "for" && one.start <= loop.start && loop.end <= one.end);
  if (statement?.kind === "for" && loop.kind === "for") return { before: statement, scope, target: statement.target, iter: statement.iter };
  if (last.kind !== "assign" && last.kind !== "return" && last.kind !== "expression") return undefined;
  const clause = clauseIn(scope, loop);
  return clause && { before: last, scope, ...clause };
}

function clauseIn(expr: Expr, loop: Iteration): { target: Expr; iter: Expr } | undefined {
  if (expr.start > loop.start || expr.end < loop.end) return undefined;
  if (expr.kind === "comprehension" && expr.clauses.length === 1) {
    const [clause] = expr.clauses;
    if (clause?.kind === "for" && clause.start <= loop.start && loop.end <= clause.end) return clause;
  }
  for (const child of inside(expr)) {
    const found = clauseIn(child, loop);
    if (found) return found;
  }
  return undefined;
}
const inside = (expr: Expr): readonly Expr[] =>
  expr.kind === "call" ? [expr.callee, ...expr.args.map((arg) => arg.value)] : expr.kind === "await" ? [expr.value] : [];

/** What the loop goes through, as something that can be gone through twice. */
interface Repeatable {
  readonly text: string;
  /** The line that makes it so. */
  readonly made: readonly Piece[];
  readonly edits: readonly EditDraft[];
}
type Piece = Exclude<NewText, string>[number];

function listOf(file: string, facts: FileFacts, fn: FunctionFact, { iter, target }: Place, loop: Iteration): Repeatable | undefined {
  if (iter.kind === "name" && isRepeatable(fn, iter, loop)) return { text: iter.id, made: [], edits: [] };
  const copied = { copy: { start: iter.start, end: iter.end } };
  if (iter.kind === "name") return { text: iter.id, made: [`${iter.id} = list(`, copied, ")"], edits: [] };
  const name = target.kind === "name" ? [`${target.id}s`, `${target.id}_list`].find((one) => !facts.words.includes(one)) : undefined;
  if (name === undefined) return undefined;
  const made = loop.over.kind === "collection" ? [`${name} = `, copied] : [`${name} = list(`, copied, ")"];
  return { text: name, made, edits: [{ file, span: { start: iter.start, end: iter.end }, newText: name }] };
}

/** A name for something that can be gone through twice. */
function isRepeatable(fn: FunctionFact, iter: Expr, { over }: Iteration): boolean {
  if (iter.kind !== "name") return false;
  if (over.kind === "collection" || over.kind === "tuple" || over.kind === "mapping") return !isGenerated(fn, iter.id);
  const param = fn.params.find((one) => one.name === iter.id);
  const annotation = param?.annotation;
  const type = annotation?.kind === "subscript" ? annotation.of : annotation;
  return type?.kind === "name" && repeatable.has(type.id);
}
const repeatable = new Set(["list", "List", "set", "Set", "tuple", "Tuple", "Sequence", "Collection", "frozenset", "dict", "Mapping"]);

/** `rows = (… for … in …)`, `map(…)`: empty after the first time. */
function isGenerated(fn: FunctionFact, name: string): boolean {
  const assigned = (statements: readonly Stmt[]): boolean =>
    statements.some((statement) => {
      const value = statement.kind === "assign" ? statement.value : undefined;
      const names = statement.kind === "assign" && statement.targets.some((target) => target.kind === "name" && target.id === name);
      const once =
        value?.kind === "comprehension"
          ? value.of === "generator"
          : value?.kind === "call" && value.callee.kind === "name" && lazy.has(value.callee.id);
      return (names && once) || partsOf(statement).blocks.some(assigned);
    });
  return assigned(fn.body);
}
const lazy = new Set(["map", "filter", "zip", "enumerate", "reversed", "iter", "chain"]);

function primaryKey(entity: Entity): string | undefined {
  const keys = [...entity.columns.values()].filter((column) => column.primaryKey);
  return keys.length === 1 ? keys[0]!.name : undefined;
}

function isKey(entity: Entity, name: string): boolean {
  const column = entity.columns.get(name);
  return column !== undefined && !column.computed && (column.unique || primaryKey(entity) === name);
}

/** The values of all rounds: the list itself, or what is read of its elements. */
function keysOf(key: Expr, target: Expr, list: string): readonly Piece[] | undefined {
  if (target.kind !== "name") return undefined;
  if (key.kind === "name") return key.id === target.id ? [list] : undefined;
  const attribute = key.kind === "attribute" && key.of.kind === "name" && key.of.id === target.id;
  return attribute ? ["[", { copy: { start: key.start, end: key.end } }, ` for ${target.id} in ${list}]`] : undefined;
}

interface Parts {
  readonly lookup: Lookup;
  readonly column: string;
  readonly entity: Entity;
  readonly keys: readonly Piece[];
  readonly before: Stmt;
  readonly list: Repeatable;
}

function draft(file: string, facts: FileFacts, { lookup, column, entity, keys, before, list }: Parts): FixDraft | undefined {
  const { target, receiver, style, key, whole, required, awaited } = lookup;
  const row = entity.name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "_").toLowerCase();
  const name = `${row}s_by_${column}`;
  if (facts.words.includes(name)) return undefined;
  const select = style === "select" ? referTo(file, facts, "sqlalchemy", "select", before.start) : undefined;
  if (style === "select" && !select) return undefined;
  const cls = { copy: { start: target.start, end: target.end } };
  const session = { copy: { start: receiver.start, end: receiver.end } };
  const condition = ["(", cls, `.${column}.in_(`, ...keys, "))"];
  const asked =
    style === "select"
      ? [awaited ? "await " : "", session, `.scalars(${select!.text}(`, cls, ").where", ...condition, ")"]
      : style === "query"
        ? [session, ".query(", cls, ").filter", ...condition]
        : [cls, ".query.filter", ...condition];
  const line = facts.crlf ? "\r\n" : "\n";
  const first = list.made.length ? [...list.made, line, { indentOf: before.start }] : [];
  const hoistedText = [...first, `${name} = {${row}.${column}: ${row} for ${row} in `, ...asked, "}", line, { indentOf: before.start }];
  const value = { copy: { start: key.start, end: key.end } };
  const edits: EditDraft[] = [
    ...(select?.edits ?? []),
    ...list.edits,
    { file, span: { start: before.start, end: before.start }, newText: hoistedText },
    {
      file,
      span: { start: whole.start, end: whole.end },
      newText: required ? [`${name}[`, value, "]"] : [`${name}.get(`, value, ")"],
    },
  ];
  const title = `Ask once before the loop, with in_() and a dictionary (many thousands of values should go in chunks${required ? "; a missing row is then a KeyError" : ""})`;
  return { title, applicability: "unsafe", edits };
}
