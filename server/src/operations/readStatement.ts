import type { LocatedStatement } from "#protocol/statement";
import { parametersOf, parseStatements, type SqlSource } from "../sql/index.js";

/**
 * A text that somebody typed, as one statement with `$1` for its placeholders. What is not exactly one statement that parses comes back as
 * it is: the guard, through which it passes next, says what is wrong with it. Nothing is ever cut off.
 */
export function readStatement(text: string): Pick<LocatedStatement, "sql" | "parameters"> {
  const { statements, problems } = parseStatements(typedText(text));
  const [only] = statements;
  return only && statements.length === 1 && problems.length === 0
    ? { sql: only.text, parameters: parametersOf(only) }
    : { sql: text, parameters: [] };
}

/** A text that stands in no file. */
export function typedText(text: string): SqlSource {
  return {
    file: "",
    text,
    origin: "user",
    placeholders: ["colon", "pyformat", "format", "qmark", "dollar"],
    toSource: (offset) => offset,
    scope: "",
  };
}
