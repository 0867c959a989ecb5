import type { Node } from "libpg-query";

type KeysOfUnion<T> = T extends unknown ? keyof T : never;

/** The name of a node's type, as PostgreSQL's source has it: SelectStmt, ColumnRef, ... */
export type NodeTag = KeysOfUnion<Node>;
export type NodeOf<T extends NodeTag> = Extract<Node, Record<T, unknown>>[T];

/** A node in its place: `field` is the parent's field that holds it. */
export type Visit = {
  [T in NodeTag]: { readonly tag: T; readonly node: NodeOf<T>; readonly parent?: Visit; readonly field: string };
}[NodeTag];

/** The value of a wrapped node if it is of that type. */
export function as<T extends NodeTag>(node: Node | undefined, tag: T): NodeOf<T> | undefined {
  return (node as Record<string, NodeOf<T>> | undefined)?.[tag];
}

export function tagOf(node: Node): NodeTag {
  return Object.keys(node)[0] as NodeTag;
}

/** Fields whose type PostgreSQL fixes, so that the tree does not repeat it. */
const fixed: Readonly<Record<string, NodeTag>> = {
  relation: "RangeVar",
  rel: "RangeVar",
  view: "RangeVar",
  larg: "SelectStmt",
  rarg: "SelectStmt",
  intoClause: "IntoClause",
  into: "IntoClause",
  withClause: "WithClause",
  onConflictClause: "OnConflictClause",
  infer: "InferClause",
  returningClause: "ReturningClause",
  over: "WindowDef",
  typeName: "TypeName",
  argType: "TypeName",
  returnType: "TypeName",
  ofTypename: "TypeName",
  alias: "Alias",
  pktable: "RangeVar",
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

interface Pending {
  readonly value: unknown;
  readonly field: string;
  readonly parent: Visit | undefined;
}

/**
 * Visits every node in the order of the text as far as the tree keeps it, parents first. `visit` returns false to leave out what is
 * below. Needs no stack of its own, however deep the tree.
 */
export function walk(root: Node | readonly Node[] | undefined, visit: (visit: Visit) => boolean | void): void {
  const pending: Pending[] = [{ value: root, field: "", parent: undefined }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { value, field, parent } = next;
    if (Array.isArray(value)) pushAll(pending, value, field, parent);
    else if (isObject(value)) enter(pending, value, field, parent, visit);
  }
}

function pushAll(pending: Pending[], values: readonly unknown[], field: string, parent: Visit | undefined): void {
  for (let index = values.length - 1; index >= 0; index--) pending.push({ value: values[index], field, parent });
}

function enter(
  pending: Pending[],
  value: Record<string, unknown>,
  field: string,
  parent: Visit | undefined,
  visit: (visit: Visit) => boolean | void,
): void {
  const wrapped = wrappedTag(value);
  const tag = wrapped ?? fixed[field];
  const node = wrapped ? value[wrapped] : value;
  if (!isObject(node)) return;
  const here = tag === undefined ? parent : ({ tag, node, parent, field } as Visit);
  if (here && here !== parent && visit(here) === false) return;
  const entries = Object.entries(node);
  for (let index = entries.length - 1; index >= 0; index--) {
    const [name, child] = entries[index] ?? ["", undefined];
    if (typeof child === "object" && child !== null) pending.push({ value: child, field: name, parent: here });
  }
}

/** Node types begin with a capital, fields never do. */
function wrappedTag(value: Record<string, unknown>): NodeTag | undefined {
  const keys = Object.keys(value);
  const [key] = keys;
  return keys.length === 1 && key !== undefined && key[0] !== key[0]?.toLowerCase() ? (key as NodeTag) : undefined;
}

/** Nodes above this one, nearest first. */
export function* ancestors(visit: Visit): Generator<Visit> {
  for (let above = visit.parent; above; above = above.parent) yield above;
}

/** The strings of a list of String nodes: a qualified name, an operator. */
export function names(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).map((node) => as(node, "String")?.sval ?? "");
}
