import type { Select } from "../sql/ir.js";
import { emptySelect } from "./query.js";

/** `SELECT 1` of no place in the code: parts that SQLAlchemy makes. */
export function emptyMembers(): Select {
  const one = { kind: "template", sql: "1", items: [], type: "integer", base: "" } as const;
  return emptySelect({ file: "", span: { start: 0, end: 0 } }, [{ kind: "sql", sql: one }], false);
}
export { attributeNamed } from "./select.js";
