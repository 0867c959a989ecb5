import { isObject, objectsAt, numberAt, textAt, type Json, type JsonObject } from "./json.js";
import type { Lines } from "./read/document.js";
import { plausible } from "./read/plausible.js";
import { asRemote, withRemotePlans } from "./read/remotePlans.js";

/** A node as the server sent it, with its place in the tree. Indexes into the preorder list are its identity. */
export interface RawNode {
  readonly index: number;
  readonly parent: number | undefined;
  readonly children: number[];
  readonly depth: number;
  readonly keys: JsonObject;
  readonly type: string;
  readonly relationship: string | undefined;
  /** Ran on another server: its times and buffers are no part of this one's, and stay among its details. */
  readonly remote: boolean;
  /** `CTE x`, `InitPlan 1 (returns $0)`, `SubPlan 2`, … */
  readonly subplanName: string | undefined;
  readonly loops: number | undefined;
  /** Milliseconds over all loops and processes; undefined without ANALYZE or with TIMING OFF. */
  readonly processTime: number | undefined;
  /** Where the source says it. */
  readonly lines: Lines | undefined;
}

/** Nodes in preorder. Iterative, because a plan over thousands of partitions or a hostile file may be deeper than the stack. */
export function readTree(root: JsonObject, places: ReadonlyMap<JsonObject, Lines> = new Map()): readonly RawNode[] {
  const nodes: RawNode[] = [];
  const waiting: { keys: JsonObject; parent: RawNode | undefined }[] = [{ keys: root, parent: undefined }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const node = readNode(withRemotePlans(next.keys), next.parent, nodes.length, places.get(next.keys));
    next.parent?.children.push(node.index);
    nodes.push(node);
    for (const keys of [...objectsAt(node.keys, "Plans")].reverse()) waiting.push({ keys, parent: node });
  }
  return nodes;
}

function readNode(source: JsonObject, parent: RawNode | undefined, index: number, lines: Lines | undefined): RawNode {
  const relationship = textAt(source, "Parent Relationship");
  const remote = relationship === "Remote" || parent?.remote === true;
  const keys = plausible(remote ? asRemote(source) : source);
  const loops = positive(numberAt(keys, "Actual Loops"));
  const total = positive(numberAt(keys, "Actual Total Time"));
  return {
    index,
    parent: parent?.index,
    children: [],
    depth: parent ? parent.depth + 1 : 0,
    keys,
    type: textAt(keys, "Node Type") ?? "Unknown",
    relationship,
    remote,
    subplanName: textAt(keys, "Subplan Name"),
    loops,
    processTime: loops !== undefined && total !== undefined ? positive(total * loops) : undefined,
    lines,
  };
}

/** A damaged plan may hold anything: what is shown is never negative nor infinite. */
function positive(value: number | undefined): number | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : Math.max(value, 0);
}

export function isCte(node: RawNode): boolean {
  return node.relationship === "InitPlan" && node.subplanName?.startsWith("CTE ") === true;
}

export function isInitPlan(node: RawNode): boolean {
  return node.relationship === "InitPlan" && !isCte(node);
}

export function isGather(node: RawNode): boolean {
  return node.type === "Gather" || node.type === "Gather Merge";
}

/** Every expression that the node shows: strings and lists of strings, names and methods among them (they do no harm). */
export function forEachExpression(node: RawNode, visit: (expression: string) => void): void {
  for (const key in node.keys) if (!nameKeys.has(key)) visitStrings(node.keys[key] ?? null, visit);
}

const nameKeys = new Set(["Plans", "Workers", "Subplan Name", "Relation Name", "Alias", "Schema", "Index Name", "CTE Name", "Node Type"]);

/** Iterative: what a damaged file nests may be deeper than the stack. */
function visitStrings(value: Json, visit: (text: string) => void): void {
  if (typeof value === "string") return visit(value);
  if (typeof value !== "object") return;
  const waiting: Json[] = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next === "string") visit(next);
    else if (Array.isArray(next)) waiting.push(...(next as readonly Json[]));
    else if (isObject(next)) waiting.push(...Object.values(next));
  }
}
