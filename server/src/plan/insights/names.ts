import type { PlanNode } from "#protocol/plan";
import { quoteIdentifier } from "../../sql/identifier.js";
import { quoteName } from "../identifiers.js";

/** A name as a statement takes it. */
export function sqlName(name: string): string {
  try {
    return quoteIdentifier(name);
  } catch {
    // The parser is not loaded, so that keywords are not known: quoted, the name is right in any case.
    return quoteName(name);
  }
}

/** The table of a scan as a statement names it; with its schema where the plan tells it (VERBOSE). */
export function tableName(node: PlanNode): string | undefined {
  if (node.relation === undefined) return undefined;
  const name = sqlName(node.relation);
  return node.schema === undefined ? name : `${sqlName(node.schema)}.${name}`;
}

/** `(a, b)` of a statement. */
export function columnList(columns: readonly string[]): string {
  return columns.map(sqlName).join(", ");
}

/** "a, b and c". */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items.join("");
  return `${items.slice(0, -1).join(", ")} and ${items[items.length - 1] ?? ""}`;
}

/** The beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
