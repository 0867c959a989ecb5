import type { Argument, CallExpr, Expr } from "../../python/index.js";
import { wordOf } from "../project/names.js";
import { asArguments, isTrue, keyword, positional, stringOf } from "./calls.js";
import type { Classes } from "./classes.js";
import { columnOf } from "./columns.js";
import type { ColumnAttribute } from "./entity.js";
import type { Placed } from "./fields.js";
import { idOf, type Mapping } from "./mapping.js";
import { markedColumns, readMembers } from "./members.js";
import { relationshipOf, type RelationshipDraft } from "./relationships.js";
import { tableArguments, type DeclaredTable } from "./tables.js";

/** Names of what maps a class that knows nothing of it. */
export const isImperative = (name: string) => name === "mapper" || name === "map_imperatively";

/** `mapper(User, users, properties={...})` and `registry.map_imperatively(...)`. */
export function imperativeMapping(
  classes: Classes,
  file: string,
  call: CallExpr,
  tables: ReadonlyMap<string, DeclaredTable>,
): Mapping | undefined {
  const name = call.callee.kind === "attribute" ? call.callee.name : call.callee.kind === "name" ? call.callee.id : "";
  if (!isImperative(name)) return undefined;
  const [classArg, tableArg = keyword(call, "local_table")] = positional(call);
  const ref = classArg && classes.of(classes.symbols.resolve(file, classArg));
  if (!ref) return undefined;
  const symbol = tableArg && classes.symbols.resolve(file, tableArg);
  const table = symbol?.kind === "variable" ? tables.get(`${symbol.file}\n${symbol.name}`) : undefined;
  const columns = new Map((table?.columns ?? []).map((column) => [column.name, column]));
  const drafts = new Map<string, RelationshipDraft>();
  const properties = asArguments(keyword(call, "properties"));
  for (const property of properties) addProperty(classes, file, property, columns, drafts);
  const placed = (field: string, value: Expr): Placed => ({
    file,
    class: ref,
    field: { name: field, start: value.start, end: value.end, value },
  });
  const fields = properties.flatMap((property) => (property.name === undefined ? [] : [placed(property.name, property.value)]));
  // What a declarative class says in `__mapper_args__` stands in the call itself.
  const members = readMembers(classes, ref, [...fields, placed("__mapper_args__", asDict(call))]);
  const args = tableArguments(classes.symbols, file, []);
  return { ref, id: idOf(ref), columns: markedColumns(columns, members), drafts, args, members, ...(table ? { table: table.name } : {}) };
}

/** With what the classes above it are mapped to, where these are mapped in the same way. */
export function withInherited(classes: Classes, mapping: Mapping, mappings: ReadonlyMap<string, Mapping>): Mapping {
  const above = classes.linear(mapping.ref).flatMap((ref) => mappings.get(idOf(ref)) ?? []);
  if (above.length < 2) return mapping;
  const lineage = [...above].reverse();
  const discriminator = lineage.findLast((one) => one.members.discriminator !== undefined)?.members.discriminator;
  const columns = new Map(lineage.flatMap((one) => [...one.columns]));
  const synonyms = new Map(lineage.flatMap((one) => [...one.members.synonyms]));
  const members = { ...mapping.members, synonyms, ...(discriminator === undefined ? {} : { discriminator }) };
  return { ...mapping, columns, drafts: new Map(lineage.flatMap((one) => [...one.drafts])), members };
}

const asDict = (call: CallExpr): Expr => ({
  kind: "dict",
  start: call.start,
  end: call.end,
  entries: call.args.flatMap(({ name, value }) =>
    name === undefined ? [] : [{ key: { kind: "string", start: value.start, end: value.start, value: name, map: [] }, value }],
  ),
});

function addProperty(
  classes: Classes,
  file: string,
  { name, value }: Argument,
  columns: Map<string, ColumnAttribute>,
  drafts: Map<string, RelationshipDraft>,
): void {
  if (name === undefined) return;
  const field = { name, start: value.start, end: value.end, value };
  const draft = relationshipOf(classes.symbols, file, field);
  if (draft) {
    drafts.set(name, draft);
    return;
  }
  const deferred = value.kind === "call" && wordOf(classes.symbols, file, value.callee) === "deferred";
  const inner = value.kind === "call" ? positional(value)[0] : value;
  const column = columnName(inner);
  const known = column === undefined ? undefined : [...columns.values()].find((one) => one.column === column);
  if (!known) {
    const made = columnOf(classes.symbols, file, field, "mapped");
    if (made) columns.set(name, made);
    return;
  }
  const isDeferred = deferred || (value.kind === "call" && isTrue(keyword(value, "deferred")));
  const group = value.kind === "call" ? stringOf(keyword(value, "group")) : undefined;
  if (known.name === known.column) columns.delete(known.name);
  columns.set(name, { ...known, name, deferred: isDeferred, ...(group === undefined ? {} : { group }) });
}

/** `users.c.name`, `users.c["name"]` */
function columnName(expr: Expr | undefined): string | undefined {
  if (expr?.kind === "attribute" && expr.of.kind === "attribute" && (expr.of.name === "c" || expr.of.name === "columns")) return expr.name;
  const ofColumns = expr?.kind === "subscript" && expr.of.kind === "attribute" && (expr.of.name === "c" || expr.of.name === "columns");
  return ofColumns ? stringOf(expr.index) : undefined;
}
