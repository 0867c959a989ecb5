import type { Expr } from "../../python/index.js";
import { wordOf } from "../project/names.js";
import type { Symbols } from "../project/symbols.js";
import { keyword, stringOf } from "./calls.js";
import { unsubscripted, type Classes, type ClassRef } from "./classes.js";

/** The schema of `MetaData(schema="accounts")`: of the call itself, or of the variable that holds it. */
export function metadataSchema(symbols: Symbols, file: string, expr: Expr | undefined): string | undefined {
  if (!expr) return undefined;
  if (expr.kind === "call")
    return wordOf(symbols, file, expr.callee) === "MetaData" ? stringOf(keyword(expr, "schema") ?? expr.args[1]?.value) : undefined;
  // `Base.metadata`
  const owner = expr.kind === "attribute" && expr.name === "metadata" ? symbols.resolve(file, expr.of) : undefined;
  if (owner?.kind === "class") {
    const field = symbols.files.get(owner.file)?.classes[owner.index]?.fields.find(({ name }) => name === "metadata");
    return metadataSchema(symbols, owner.file, field?.value);
  }
  if (owner?.kind === "variable" && owner.value?.kind === "call")
    return metadataSchema(symbols, owner.file, keyword(owner.value, "metadata"));
  const symbol = symbols.resolve(file, expr);
  return symbol?.kind === "variable" && symbol.value?.kind === "call" ? metadataSchema(symbols, symbol.file, symbol.value) : undefined;
}

/** The schema of a class's metadata: its own, that of its declarative base, that of the call that made the base. */
export function schemaOfClass(classes: Classes, ref: ClassRef): string | undefined {
  const field = classes.field(ref, "metadata");
  if (field) return metadataSchema(classes.symbols, field.in.file, field.field.value);
  for (const at of classes.linear(ref))
    for (const base of at.fact.bases) {
      const schema = schemaOfBase(classes.symbols, at.file, unsubscripted(base));
      if (schema !== undefined) return schema;
    }
  return undefined;
}

/** `Base = declarative_base(metadata=…)`, `db = SQLAlchemy(metadata=…)` of `db.Model`. */
function schemaOfBase(symbols: Symbols, file: string, base: Expr): string | undefined {
  const symbol = symbols.resolve(file, base);
  const made = symbol?.kind === "variable" ? symbol : base.kind === "attribute" ? symbols.resolve(file, base.of) : undefined;
  return made?.kind === "variable" && made.value?.kind === "call"
    ? metadataSchema(symbols, made.file, keyword(made.value, "metadata"))
    : undefined;
}
