import { queryOf, type ColumnLoad, type Entity, type LoadPath, type OrmIndex, type QueryValue } from "../../../orm/index.js";
import { dottedText } from "./syntax.js";
import { References } from "./chains.js";
import { distinctEdits, insertion, type Edit } from "./edit.js";
import { callsOf, removal, wordOfCall } from "./optionCalls.js";
import { isGeneric, placed } from "./placement.js";

/** What an edit does, and the edit. */
export interface ColumnFix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Has the query load a column that its options or the mapping leave out; undefined where no edit is sure to work. */
export function columnFix(index: OrmIndex, load: ColumnLoad): ColumnFix | undefined {
  const query = queryOf(load.owner);
  const entity = index.entities.get(load.owner.entity);
  if (!query || !entity || load.owner.origin.kind !== "query" || query.flags.compound) return undefined;
  const own = query.options.filter((path) => path.steps.length === 0);
  if (load.leftOutBy === "load_only") return inLoadOnly(index, own, load.column);
  if (load.leftOutBy === "defer") return withoutDefer(index, own, load.column);
  return load.leftOutBy === "mapping" ? withUndefer(index, query, entity, load.column) : undefined;
}

/** One more argument for `load_only`, written like the last one. */
function inLoadOnly(index: OrmIndex, own: readonly LoadPath[], column: string): ColumnFix | undefined {
  const path = own.findLast((one) => one.only && !one.sometimes);
  const facts = path && index.files.get(path.place.file);
  if (!path || !facts) return undefined;
  const call = callsOf(facts, path.place).findLast((one) => wordOfCall(one) === "load_only");
  const last = call?.args.at(-1);
  if (!call || !last || last.name !== undefined || last.splat) return undefined;
  const { value } = last;
  const owner = value.kind === "attribute" ? dottedText(value.of) : undefined;
  const text = owner !== undefined ? `${owner}.${column}` : value.kind === "string" ? `"${column}"` : undefined;
  if (text === undefined) return undefined;
  const separator = call.indent === undefined ? ", " : `,${facts.crlf ? "\r\n" : "\n"}${" ".repeat(call.indent)}`;
  return { title: `Load it with the others: load_only(…, ${text})`, edits: [insertion(path.place.file, value.end, separator + text)] };
}

/** `defer(User.biography)` is taken away. */
function withoutDefer(index: OrmIndex, own: readonly LoadPath[], column: string): ColumnFix | undefined {
  const paths = own.filter((one) => one.deferred?.includes(column));
  const [path] = paths;
  const facts = path && index.files.get(path.place.file);
  if (!path || !facts || paths.length > 1 || path.deferred?.length !== 1 || callsOf(facts, path.place).length !== 1) return undefined;
  const edit = removal(path.place.file, facts, path.place);
  return edit && { title: `Do not defer \`${column}\` here`, edits: [edit] };
}

function withUndefer(index: OrmIndex, query: QueryValue, entity: Entity, column: string): ColumnFix | undefined {
  const target = query.targets.find((one) => one.value.kind === "entityClass" && one.value.entity === entity.id);
  if (!target || isGeneric(index, query, target)) return undefined;
  const { file, start } = query.site;
  const references = new References(index, file, start);
  const option = `${references.orm("undefer")}(${target.text || references.entity(entity)}.${column})`;
  if (references.failed) return undefined;
  const newline = index.files.get(file)?.crlf ? "\r\n" : "\n";
  return { title: `Load it with the query: ${option}`, edits: distinctEdits([...references.edits, placed(query, option, newline)]) };
}
