import { childrenOf, type Argument, type CallExpr, type Expr, type FieldFact } from "../../python/index.js";
import { wordOf } from "../project/names.js";
import type { Symbols } from "../project/symbols.js";
import { shapeOf } from "./annotations.js";
import { asArguments, isFalse, isTrue, positional, stringOf } from "./calls.js";
import { dottedOf } from "./classes.js";
import type { Loading } from "./entity.js";

/** A relationship as its declaration says it, before targets and directions are known. */
export interface RelationshipDraft {
  readonly name: string;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  /** Class name, dotted path or, in the case of an expression, the expression. */
  readonly target?: string | Expr;
  /** Known from the annotation or `uselist`. */
  readonly collection?: boolean;
  readonly loading: Loading;
  readonly lazy?: string;
  readonly backPopulates?: string;
  readonly backref?: { readonly name: string; readonly args: readonly Argument[]; readonly loading: LoadingDraft };
  readonly viewonly: boolean;
  readonly secondary: boolean;
  /** Columns in `remote_side=` or `remote(...)`, where there are such: they belong to the related row. */
  readonly remote?: readonly ColumnName[];
  readonly customJoin: boolean;
  /** Columns in `foreign_keys=` or `foreign(...)`. */
  readonly foreign: readonly ColumnName[];
}

/** `Order.user_id` or `user_id`. */
export interface ColumnName {
  readonly of?: string;
  readonly name: string;
}
interface LoadingDraft {
  readonly loading: Loading;
  readonly lazy?: string;
}

const words = new Set(["relationship", "relation", "Relationship", "dynamic_loader"]);
const byLazy: Readonly<Record<string, Loading>> = {
  select: "lazy",
  True: "lazy",
  joined: "eager",
  False: "eager",
  selectin: "eager",
  subquery: "eager",
  immediate: "eager",
  raise: "raise",
  raise_on_sql: "raise",
  noload: "none",
  None: "none",
  dynamic: "query",
  write_only: "query",
};
const byWrapper: Readonly<Record<string, Loading>> = { DynamicMapped: "query", WriteOnlyMapped: "query" };

/** A constant, also one that a module keeps under a name. */
function lazyText(symbols: Symbols, file: string, expr: Expr): string | undefined {
  if (expr.kind === "name" || expr.kind === "attribute") {
    const symbol = symbols.resolve(file, expr);
    return symbol?.kind === "variable" && symbol.value && symbol.value !== expr ? constantText(symbol.value) : undefined;
  }
  return constantText(expr);
}
function constantText(expr: Expr): string | undefined {
  if (expr.kind === "string") return expr.value;
  if (expr.kind !== "constant") return undefined;
  if (expr.value === null) return "None";
  return expr.value === true ? "True" : expr.value === false ? "False" : undefined;
}

function loadingOf(symbols: Symbols, file: string, args: readonly Argument[]): LoadingDraft {
  if (args.some((arg) => arg.splat)) return { loading: "unknown" };
  const value = args.find((arg) => arg.name === "lazy")?.value;
  if (!value) return { loading: "lazy" };
  const lazy = lazyText(symbols, file, value);
  return lazy === undefined ? { loading: "unknown" } : { loading: (Object.hasOwn(byLazy, lazy) && byLazy[lazy]) || "unknown", lazy };
}

/** `backref="posts"` or `backref=backref("posts", lazy="dynamic")`. */
function backrefOf(symbols: Symbols, file: string, value: Expr | undefined): RelationshipDraft["backref"] {
  const name = stringOf(value);
  if (name !== undefined) return { name, args: [], loading: { loading: "lazy" } };
  if (value?.kind !== "call") return undefined;
  const first = stringOf(positional(value)[0]);
  return first === undefined ? undefined : { name: first, args: value.args, loading: loadingOf(symbols, file, value.args) };
}

const columnName = (path: string): ColumnName => {
  const parts = path.split(".");
  const of = parts.at(-2);
  return { name: parts.at(-1)!, ...(of === undefined || of === "c" ? {} : { of }) };
};

/** `[Game.away_id]`, `"Game.away_id, Game.home_id"`, `lambda: Game.away_id`. */
function columnNames(expr: Expr | undefined): ColumnName[] {
  if (!expr) return [];
  if (expr.kind === "list" || expr.kind === "tuple" || expr.kind === "set") return expr.items.flatMap(columnNames);
  if (expr.kind === "lambda") return columnNames(expr.body);
  if (expr.kind === "call") return expr.args.flatMap((arg) => columnNames(arg.value));
  const text = stringOf(expr);
  if (text !== undefined)
    return text
      .split(/[\s,[\]]+/)
      .filter(Boolean)
      .map(columnName);
  const dotted = dottedOf(expr);
  return dotted ? [columnName(dotted)] : [];
}

/** Columns that a `primaryjoin=` marks as `foreign(...)` or `remote(...)`. */
function marked(join: Expr | undefined, mark: "foreign" | "remote"): ColumnName[] {
  if (!join) return [];
  const text = stringOf(join);
  if (text !== undefined) return markedInText(text, mark);
  const own = join.kind === "call" && lastOf(join.callee) === mark ? columnNames(join) : [];
  return [...own, ...childrenOf(join).flatMap((child) => marked(child, mark))];
}
const lastOf = (expr: Expr) => (expr.kind === "attribute" ? expr.name : expr.kind === "name" ? expr.id : "");

/** SQLAlchemy evaluates such a text when the mappers are configured: it has no syntax tree here. */
function markedInText(text: string, mark: string): ColumnName[] {
  return text
    .split(`${mark}(`)
    .slice(1)
    .map((rest) => columnName(rest.slice(0, rest.indexOf(")")).trim()));
}

/** `lambda: Order` and `"Order"` alike. */
function targetOf(value: Expr | undefined): string | Expr | undefined {
  if (value?.kind === "lambda") return value.body;
  return value?.kind === "string" ? value.value : value;
}

export function relationshipOf(symbols: Symbols, file: string, field: FieldFact): RelationshipDraft | undefined {
  const shape = field.annotation ? shapeOf(field.annotation) : undefined;
  const value = field.value;
  if (value?.kind !== "call") return undefined;
  const word = wordOf(symbols, file, value.callee) ?? "";
  if (!words.has(word)) return undefined;
  const wrapper = word === "dynamic_loader" ? "query" : shape?.mapped ? byWrapper[shape.mapped] : undefined;
  return draftOf(symbols, field.name, file, value, field, shape, wrapper);
}

/** A `relationship(...)` call under the name it is mapped to. */
function draftOf(
  symbols: Symbols,
  name: string,
  file: string,
  call: CallExpr,
  place: { start: number; end: number },
  shape?: ReturnType<typeof shapeOf>,
  wrapper?: Loading,
): RelationshipDraft {
  // SQLModel hands SQLAlchemy's own arguments through.
  const args = [...call.args, ...asArguments(call.args.find((arg) => arg.name === "sa_relationship_kwargs")?.value)];
  const get = (key: string) => args.find((arg) => arg.name === key)?.value;
  const written = targetOf(get("argument") ?? positional(call)[0]);
  const target = written ?? shape?.type;
  const uselist = get("uselist");
  const collection = isFalse(uselist)
    ? false
    : isTrue(uselist)
      ? true
      : shape?.type
        ? shape.collection || wrapper !== undefined
        : undefined;
  const loading = wrapper ? { loading: wrapper } : loadingOf(symbols, file, args);
  const remote = [...columnNames(get("remote_side")), ...marked(get("primaryjoin"), "remote")];
  const backPopulates = stringOf(get("back_populates"));
  const backref = backrefOf(symbols, file, get("backref"));
  return {
    name,
    file,
    start: place.start,
    end: place.end,
    ...loading,
    ...(target === undefined ? {} : { target }),
    ...(collection === undefined ? {} : { collection }),
    ...(backPopulates === undefined ? {} : { backPopulates }),
    ...(backref ? { backref } : {}),
    viewonly: isTrue(get("viewonly")),
    secondary: get("secondary") !== undefined || get("link_model") !== undefined || positional(call).length > 1,
    ...(remote.length || get("remote_side") !== undefined ? { remote } : {}),
    customJoin: get("primaryjoin") !== undefined || get("secondaryjoin") !== undefined,
    foreign: [...columnNames(get("foreign_keys")), ...marked(get("primaryjoin"), "foreign")],
  };
}
