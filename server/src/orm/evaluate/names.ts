import type { NameExpr } from "../../python/index.js";
import { ormWord } from "../project/names.js";
import type { PythonSymbol } from "../project/symbols.js";
import { unknown, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";
import { currentUser } from "./signedIn.js";

/** What a symbol is as a value. */
export function symbolValue(ev: Evaluator, symbol: PythonSymbol | undefined): Value {
  if (!symbol) return unknown;
  if (symbol.kind === "class") {
    const entity = ev.index.entity(symbol);
    return entity ? { kind: "entityClass", entity: entity.id } : { kind: "symbol", symbol };
  }
  if (symbol.kind === "variable") return ev.context.moduleValue(symbol.file, symbol.name);
  // `db.session`, wherever it was imported from.
  if (symbol.kind === "external" && ormWord(symbol) === "session") return { kind: "session", async: false, proved: true };
  return { kind: "symbol", symbol };
}

/** Local names first, then the imports of the enclosing functions, then the module. */
export function nameValue(ev: Evaluator, name: NameExpr): Value {
  const local = ev.env.get(name.id);
  if (local) return local;
  const symbol = ev.index.symbols.lookup(ev.file, name.id);
  // In templates the framework's own names are there without an import.
  if (!symbol || symbol.kind === "external") {
    const user = currentUser(ev, name.id, name);
    if (user) return user;
    if (ev.medium === "template") return ev.context.registered("global", name.id);
  }
  // A builtin is outside every project.
  return symbol ? symbolValue(ev, symbol) : { kind: "symbol", symbol: { kind: "external", name: `builtins.${name.id}` } };
}
