import type { Expr } from "../../python/index.js";
import type { PythonSymbol, Symbols } from "./symbols.js";

const roots = new Set([
  "sqlalchemy",
  "sqlmodel",
  "flask_sqlalchemy",
  "flask_sqlalchemy_lite",
  "quart_sqlalchemy",
  "sqlalchemy_utils",
  "geoalchemy2",
  "pgvector",
  "advanced_alchemy",
  "fastapi_users_db_sqlalchemy",
  "sqlalchemy_continuum",
  "citext",
]);

/** The last word of a dotted name: `relationship` of `sqlalchemy.orm.relationship` and of `flask_sqlalchemy.SQLAlchemy().relationship`. */
export const lastWord = (dotted: string) => dotted.slice(dotted.lastIndexOf(".") + 1);

/** The word by which SQLAlchemy's documentation knows an outside symbol; undefined for anything else. */
export function ormWord(symbol: PythonSymbol | undefined): string | undefined {
  if (symbol?.kind !== "external") return undefined;
  const parts = symbol.name.split(".");
  if (roots.has(parts[0]!)) return parts.at(-1);
  // `db.Column`, where `db` comes from a module that is not part of what is checked.
  return parts.length >= 2 && parts.at(-2) === "db" ? parts.at(-1) : undefined;
}

/** The same for an expression as module-level or class-level code of `file` sees it. */
export const wordOf = (symbols: Symbols, file: string, expr: Expr): string | undefined => ormWord(symbols.resolve(file, expr));
