import type { Argument, CallExpr, Expr, FieldFact } from "../../python/index.js";
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
  readonly backref?: { readonly name: string; readonly args: readonly Argument[] };
  readonly viewonly: boolean;
  readonly secondary: boolean;
  readonly remoteSide: boolean;
  readonly customJoin: boolean;
  /** Names in `foreign_keys=`, last words only. */
  readonly foreignKeys: readonly string[];
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

function lazyText(expr: Expr): string | undefined {
  if (expr.kind === "string") return expr.value;
  if (expr.kind !== "constant") return undefined;
  if (expr.value === null) return "None";
  return expr.value === true ? "True" : expr.value === false ? "False" : undefined;
}

export function loadingOf(args: readonly Argument[]): { loading: Loading; lazy?: string } {
  if (args.some((arg) => arg.splat)) return { loading: "unknown" };
  const value = args.find((arg) => arg.name === "lazy")?.value;
  if (!value) return { loading: "lazy" };
  const lazy = lazyText(value);
  return lazy === undefined ? { loading: "unknown" } : { loading: byLazy[lazy] ?? "unknown", lazy };
}

/** `backref="posts"` or `backref=backref("posts", lazy="dynamic")`. */
function backrefOf(value: Expr | undefined): { name: string; args: readonly Argument[] } | undefined {
  const name = stringOf(value);
  if (name !== undefined) return { name, args: [] };
  if (value?.kind !== "call") return undefined;
  const first = stringOf(positional(value)[0]);
  return first === undefined ? undefined : { name: first, args: value.args };
}

const lastWords = (expr: Expr | undefined): string[] => {
  if (!expr) return [];
  if (expr.kind === "list" || expr.kind === "tuple" || expr.kind === "set") return expr.items.flatMap(lastWords);
  const text = stringOf(expr);
  if (text !== undefined)
    return text
      .split(/[\s,[\]]+/)
      .filter(Boolean)
      .map((part) => part.split(".").at(-1)!);
  const dotted = dottedOf(expr);
  return dotted ? [dotted.split(".").at(-1)!] : [];
};

/** `lambda: Order` and `"Order"` alike. */
function targetOf(value: Expr | undefined): string | Expr | undefined {
  if (value?.kind === "lambda") return value.body;
  return value?.kind === "string" ? value.value : value;
}

export function relationshipOf(symbols: Symbols, file: string, field: FieldFact): RelationshipDraft | undefined {
  const shape = field.annotation ? shapeOf(field.annotation) : undefined;
  const value = field.value;
  const wrapper = shape?.mapped ? byWrapper[shape.mapped] : undefined;
  if (value?.kind !== "call" || !words.has(wordOf(symbols, file, value.callee) ?? "")) return undefined;
  return draftOf(field.name, file, value, field, shape, wrapper);
}

/** A `relationship(...)` call under the name it is mapped to. */
export function draftOf(
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
  const loading = wrapper ? { loading: wrapper } : loadingOf(args);
  const backPopulates = stringOf(get("back_populates"));
  const backref = backrefOf(get("backref"));
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
    remoteSide: get("remote_side") !== undefined,
    customJoin: get("primaryjoin") !== undefined || get("secondaryjoin") !== undefined,
    foreignKeys: lastWords(get("foreign_keys")),
  };
}
