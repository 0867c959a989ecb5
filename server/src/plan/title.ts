import { displayName } from "./identifiers.js";
import { textAt } from "./json.js";
import type { RawNode } from "./rawTree.js";

/** The node's line as EXPLAIN's text format writes it: "Index Scan using orders_pkey on public.orders o". */
export function titleOf(node: RawNode): string {
  return [operationOf(node), directionOf(node), usingOf(node), targetOf(node)].filter((part) => part !== "").join(" ");
}

function operationOf(node: RawNode): string {
  const parallel = node.keys["Parallel Aware"] === true ? "Parallel " : "";
  const async = node.keys["Async Capable"] === true ? "Async " : "";
  return async + parallel + nameOf(node);
}

function nameOf(node: RawNode): string {
  const get = (key: string): string => textAt(node.keys, key) ?? "";
  switch (node.type) {
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
      return get("Operation") || node.type;
    case "Foreign Scan":
      return get("Operation") === "Select" || get("Operation") === "" ? node.type : `Foreign ${get("Operation")}`;
    case "Custom Scan":
      return get("Custom Plan Provider") ? `Custom Scan (${get("Custom Plan Provider")})` : node.type;
    default:
      return node.type;
  }
}

const partial = (mode: string): string => (mode === "Partial" || mode === "Finalize" ? `${mode} ` : "");
const joinName = (type: string): string => (type === "Inner" || type === "" ? "" : `${type} `);

function aggregateName(strategy: string): string {
  return { Sorted: "GroupAggregate", Hashed: "HashAggregate", Mixed: "MixedAggregate" }[strategy] ?? "Aggregate";
}

function directionOf(node: RawNode): string {
  return textAt(node.keys, "Scan Direction") === "Backward" ? "Backward" : "";
}

/** "using" before a table; a bitmap index scan has no table, and says "on" its index. */
function usingOf(node: RawNode): string {
  const index = textAt(node.keys, "Index Name");
  if (index === undefined) return "";
  return node.type === "Bitmap Index Scan" ? `on ${displayName(index)}` : `using ${displayName(index)}`;
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
