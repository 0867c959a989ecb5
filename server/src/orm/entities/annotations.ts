import type { Expr } from "../../python/index.js";
import { dottedOf } from "./classes.js";

/** What an annotation says, with wrappers taken off. */
export interface Shape {
  /** The innermost type. */
  readonly type?: Expr;
  readonly collection: boolean;
  readonly optional: boolean;
  /** `Mapped`, `DynamicMapped`, `WriteOnlyMapped` … where there is one. */
  readonly mapped?: string;
  /** What stands in `Annotated[…]` after the type. */
  readonly metadata: readonly Expr[];
}

const collections = new Set([
  ...["list", "List", "set", "Set", "frozenset", "FrozenSet", "Sequence", "Iterable", "Collection", "MutableSequence", "AbstractSet"],
  ...[
    "Iterator",
    "Generator",
    "AsyncIterator",
    "AsyncGenerator",
    "AsyncIterable",
    "deque",
    "InstrumentedList",
    "ScalarResult",
    "MutableSet",
  ],
  ...["AppenderQuery", "KeysView", "ValuesView"],
]);
const mappings = new Set(["dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"]);
const wrappers = new Set(["ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "InitVar"]);
const mappedWrappers = new Set(["Mapped", "DynamicMapped", "WriteOnlyMapped", "SQLModelMapped", "AttributeEventToken"]);

const isNone = (expr: Expr) => (expr.kind === "constant" && expr.value === null) || (expr.kind === "name" && expr.id === "NoneType");
const word = (expr: Expr) => dottedOf(expr).split(".").at(-1) ?? "";
const parts = (index: Expr): readonly Expr[] => (index.kind === "tuple" ? index.items : [index]);

/** Takes `Mapped[…]`, `Optional[…]`, `… | None`, `list[…]`, `Annotated[…, …]` off, from the outside in. */
export function shapeOf(annotation: Expr): Shape {
  let shape: Shape = { collection: false, optional: false, metadata: [] };
  let at: Expr | undefined = annotation;
  for (let steps = 0; at && steps < 20; steps++) {
    const peeled: { next?: Expr; with: Partial<Shape> } | undefined = peel(at);
    if (!peeled) return { ...shape, type: at };
    shape = { ...shape, ...peeled.with };
    at = peeled.next;
  }
  return shape;
}

function peel(at: Expr): { next?: Expr; with: Partial<Shape> } | undefined {
  if (at.kind === "operator" && at.op === "|") return union(flatten(at));
  if (at.kind !== "subscript") return undefined;
  const name = word(at.of);
  const inner = parts(at.index);
  if (name === "Optional") return { next: inner[0], with: { optional: true } };
  if (name === "Union") return union(inner);
  if (name === "Annotated") return { next: inner[0], with: { metadata: inner.slice(1) } };
  if (collections.has(name) || (name === "tuple" && inner.length === 2) || name === "Tuple")
    return { next: inner[0], with: { collection: true } };
  if (mappings.has(name)) return { next: inner[1], with: { collection: true } };
  if (mappedWrappers.has(name)) return { next: inner[0], with: { mapped: name } };
  return wrappers.has(name) || name === "type" || name === "Type"
    ? { next: name.toLowerCase() === "type" ? undefined : inner[0], with: {} }
    : undefined;
}

function union(members: readonly Expr[]): { next?: Expr; with: Partial<Shape> } {
  const real = members.filter((member) => !isNone(member));
  const optional = real.length < members.length;
  // Of a union of two types nothing is known.
  return { next: real.length === 1 ? real[0] : undefined, with: optional ? { optional } : {} };
}

function flatten(expr: Expr): readonly Expr[] {
  return expr.kind === "operator" && expr.op === "|" ? expr.items.flatMap(flatten) : [expr];
}
