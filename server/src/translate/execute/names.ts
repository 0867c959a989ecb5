import type { PythonSymbol } from "../../orm/project/symbols.js";
import { tableOf } from "../../orm/entities/tables.js";
import { none, type Value } from "../values.js";
import { tableKey } from "../mapping/columns.js";
import { Frame } from "./frame.js";
import type { Machine } from "./machine.js";

/** A name as the code of a frame sees it. */
export function lookUp(m: Machine, name: string, frame: Frame): Value {
  const local = frame.get(name);
  if (local) return local;
  const symbol = m.index.symbols.lookup(frame.file, name);
  if (symbol) return valueOfSymbol(m, symbol);
  if (builtins.has(name)) return { kind: "symbol", name: `builtins.${name}` };
  // A branch that was passed by may have set it.
  return { kind: "parameter", name };
}

const builtins = new Set([
  ...[
    "len",
    "list",
    "tuple",
    "set",
    "dict",
    "sorted",
    "str",
    "int",
    "float",
    "bool",
    "isinstance",
    "getattr",
    "setattr",
    "hasattr",
    "print",
  ],
  ...[
    "range",
    "enumerate",
    "zip",
    "map",
    "filter",
    "any",
    "all",
    "min",
    "max",
    "sum",
    "type",
    "super",
    "reversed",
    "next",
    "iter",
    "repr",
    "abs",
    "round",
    "frozenset",
    "bytes",
    "callable",
    "id",
    "vars",
  ],
]);

export function valueOfSymbol(m: Machine, symbol: PythonSymbol): Value {
  switch (symbol.kind) {
    case "class": {
      const entity = m.index.entity(symbol);
      if (entity) return m.moduleValue(`entity ${entity.id}`, () => ({ kind: "entity", use: m.mapping.use(entity) }));
      const ref = m.index.classes.of(symbol);
      return ref
        ? m.moduleValue(`class ${ref.file}\n${ref.index}`, () => ({ kind: "class", class: ref }))
        : { kind: "unknown", reason: "a class that is not found" };
    }
    case "function":
      return { kind: "function", file: symbol.file, index: symbol.index };
    case "module":
      return { kind: "module", file: symbol.file };
    case "external":
      return { kind: "symbol", name: symbol.name };
    case "variable":
      return m.moduleValue(`${symbol.file}\n${symbol.name}`, () => variable(m, symbol));
  }
}

function variable(m: Machine, symbol: PythonSymbol & { kind: "variable" }): Value {
  if (!symbol.value) return { kind: "parameter", name: symbol.name };
  const table = tableOf(m.index.symbols, symbol.file, symbol.value, symbol.name);
  const info = table && m.mapping.table(tableKey({ schema: table.schema, table: table.name }));
  if (info) return { kind: "from", from: info.from };
  const value = m.eval(symbol.value, new Frame(symbol.file, 0, 0));
  // Lists of the module may have grown elsewhere; what is built from SQL is taken as it is written.
  if (value.kind === "unknown" || value.kind === "parameter")
    return { ...value, ...(value.kind === "parameter" ? { name: symbol.name } : {}) };
  // An empty list of a module is there to be filled.
  if ((value.kind === "list" && value.items.length === 0) || (value.kind === "dict" && value.entries.size === 0))
    return { kind: "parameter", name: symbol.name };
  return value;
}

export function evaluateImport(m: Machine, index: number, frame: Frame): void {
  const facts = m.facts(frame.file);
  const fact = facts.imports[index]!;
  if (fact.names)
    for (const { name, alias } of fact.names)
      frame.set(alias ?? name, valueOfSymbol(m, m.index.symbols.imported(frame.file, facts, index, name)));
  else if (fact.alias !== undefined) frame.set(fact.alias, valueOfSymbol(m, m.index.symbols.imported(frame.file, facts, index, undefined)));
  else {
    const top = fact.module.split(".")[0]!;
    const file = m.index.symbols.modules.resolve(frame.file, 0, top);
    frame.set(top, file === undefined ? { kind: "symbol", name: top } : { kind: "module", file });
  }
}

export { none };
