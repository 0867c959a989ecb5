import { displayName } from "./identifiers.js";
import { display, textAt, type Json } from "./json.js";
import type { RawNode } from "./rawTree.js";

/** The node's line as EXPLAIN's text format writes it: "Index Scan using orders_pkey on public.orders o". */
export function titleOf(node: RawNode): string {
  return [wayOf(node.type, textOf(node)), targetOf(node)].filter((part) => part !== "").join(" ");
}

/**
 * The title without what the node works on, which is how it does it: "Index Scan using orders_pkey".
 * @param get gives a key's value as text, "" where it is absent
 */
export function wayOf(type: string, get: (key: string) => string): string {
  return [operationOf(type, get), directionOf(get), usingOf(type, get)].filter((part) => part !== "").join(" ");
}

/** Of a node as it was read. */
export const operationOfNode = (node: RawNode): string => operationOf(node.type, textOf(node));

const textOf = (node: RawNode) => (key: string) => shown(node.keys[key]);
const shown = (value: Json | undefined): string => (value === undefined ? "" : display(value));

/** "Finalize GroupAggregate": the way without the index. */
export function operationOf(type: string, get: (key: string) => string): string {
  const parallel = get("Parallel Aware") === "true" ? "Parallel " : "";
  const async = get("Async Capable") === "true" ? "Async " : "";
  return async + parallel + nameOf(type, get);
}

function nameOf(type: string, get: (key: string) => string): string {
  switch (type) {
    case "Aggregate":
      return partial(get("Partial Mode")) + aggregateName(get("Strategy"));
    case "Hash Join":
      return `Hash ${joinName(get("Join Type"))}Join`;
    case "Merge Join":
      return `Merge ${joinName(get("Join Type"))}Join`;
    case "Nested Loop":
      return get("Join Type") === "Inner" || get("Join Type") === "" ? "Nested Loop" : `Nested Loop ${get("Join Type")} Join`;
    case "SetOp":
      return `${get("Strategy") === "Hashed" ? "HashSetOp" : "SetOp"} ${get("Command")}`.trim();
    case "ModifyTable":
      return get("Operation") || type;
    case "Foreign Scan":
      return get("Operation") === "Select" || get("Operation") === "" ? type : `Foreign ${get("Operation")}`;
    case "Custom Scan":
      return get("Custom Plan Provider") ? `Custom Scan (${get("Custom Plan Provider")})` : type;
    default:
      return type;
  }
}

const partial = (mode: string): string => (mode === "Partial" || mode === "Finalize" ? `${mode} ` : "");
const joinName = (type: string): string => (type === "Inner" || type === "" ? "" : `${type} `);

function aggregateName(strategy: string): string {
  return { Sorted: "GroupAggregate", Hashed: "HashAggregate", Mixed: "MixedAggregate" }[strategy] ?? "Aggregate";
}

function directionOf(get: (key: string) => string): string {
  return get("Scan Direction") === "Backward" ? "Backward" : "";
}

/** "using" before a table; a bitmap index scan has no table, and says "on" its index. */
function usingOf(type: string, get: (key: string) => string): string {
  const index = get("Index Name");
  if (index === "") return "";
  return type === "Bitmap Index Scan" ? `on ${displayName(index)}` : `using ${displayName(index)}`;
}

const targetKeys = ["Relation Name", "CTE Name", "Function Name", "Table Function Name", "Tuplestore Name"] as const;

function targetOf(node: RawNode): string {
  const target = targetKeys.map((key) => textAt(node.keys, key)).find((name) => name !== undefined);
  const alias = textAt(node.keys, "Alias");
  if (target === undefined) return alias === undefined || node.type === "Bitmap Index Scan" ? "" : `on ${displayName(alias)}`;
  const schema = textAt(node.keys, "Schema");
  const named = alias !== undefined && alias !== target ? ` ${displayName(alias)}` : "";
  return `on ${schema === undefined ? "" : `${displayName(schema)}.`}${displayName(target)}${named}`;
}
