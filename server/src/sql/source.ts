/** Where a piece of SQL text came from. */
export type SqlOrigin = "file" | "text" | "execute" | "cursor" | "asyncpg" | "user";

/**
 * SQL as PostgreSQL would read it, with the way back to the file it stands in. In a `.sql` file the two texts are the same; in a Python
 * string escapes and implicit concatenation make them differ, so `toSource` maps an offset of `text` to an offset of the file.
 */
export interface SqlSource {
  readonly file: string;
  readonly text: string;
  readonly origin: SqlOrigin;
  /** Styles that the API around the string gives a meaning; `%s` inside a `.sql` file is no placeholder. */
  readonly placeholders: readonly ("colon" | "pyformat" | "format" | "qmark" | "dollar")[];
  /** UTF-16 offset in `text` → UTF-16 offset in the file. Monotonic. */
  readonly toSource: (offset: number) => number;
  /** File offset where the string literal around the text begins: a comment can stand above its line, not within it. */
  readonly literalStart?: number;
  /** Place in the structure for a stable id: qualified name of the enclosing function, or "" at the top. */
  readonly scope: string;
  /** What is done with the rows, where code shows it. Asked for by few, so computed when asked. */
  readonly rows?: () => RowsRead | undefined;
}

/** What the code around a statement does with its rows: reads these columns, takes each row whole, asks only whether there is one, or looks at nothing. */
export type RowsRead =
  { readonly kind: "columns"; readonly columns: readonly string[] } | { readonly kind: "whole" | "existence" | "nothing" };
