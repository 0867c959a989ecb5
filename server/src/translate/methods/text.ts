import { rewritePlaceholders } from "../../sql/index.js";
import { type Site, type Sql } from "../sql/ir.js";
import { sqlValue, type Args, type Value } from "../values.js";

/** `text("name = :name")`: a fragment of SQL with binds. */
export function textValue(args: Args, site: Site): Value {
  const [text] = args.positional;
  if (text?.kind !== "constant" || typeof text.value !== "string")
    return { kind: "unknown", reason: "text() whose text is not a constant", file: site.file, start: site.span.start };
  const { value } = text;
  const rewritten = rewritePlaceholders(value, ["colon"]);
  const items = rewritten.parameters.map((parameter): Sql => ({
    kind: "bind",
    bound: { ...(parameter.name === undefined ? {} : { name: parameter.name }) },
    type: "",
    base: parameter.name ?? "param",
  }));
  const sql = rewritten.changed.text;
  if (/^\s*(select|insert|update|delete|with)\b/i.test(sql))
    return { kind: "unknown", reason: "text() that is a whole statement", file: site.file, start: site.span.start };
  return sqlValue({ kind: "template", sql, items, type: "", base: "" });
}
