import type { Piece, Routine } from "./tree.js";
import { between, tokensOf, type Token } from "./tokens.js";

/** Words of PL/pgSQL itself. */
const keywords = new Set(
  `absolute alias all and array as assert backward begin by call case close collate column column_name commit constant constraint constraint_name
   continue current cursor datatype debug declare default detail diagnostics do dump else elseif elsif end errcode error exception execute exit
   fetch first for foreach forward found from get hint if in info insert into is last log loop merge message message_text move next no not notice
   null open option or perform pg_context pg_datatype_name pg_exception_context pg_exception_detail pg_exception_hint pg_routine_oid prior query
   raise record refcursor relative return returned_sqlstate reverse rollback row_count rowtype schema schema_name scroll slice sqlstate stacked
   strict table table_name then to type use_column use_variable using variable_conflict warning when while print_strict_params on off`.split(
    /\s+/,
  ),
);

/** Signs of PL/pgSQL itself that can call nothing. Brackets and equals signs are counted. */
const signs = new Set([";", ",", ".", "..", "<<", ">>", "#"]);

/**
 * The parser's tree is not quite complete (default values of records are missing), and what is not in it is not judged. So each token of the body
 * must belong to a piece of SQL that is judged, or to PL/pgSQL itself. Returns the first that does not.
 */
export function uncovered(body: string, routine: Routine, pieces: readonly Piece[]): string | undefined {
  const covered = new Map<string, number>();
  const key = ({ form, kind }: Token) => `${kind} ${form}`;
  for (const text of [...pieces.map(sourceOf), ...routine.types])
    for (const token of tokensOf(text)) covered.set(key(token), (covered.get(key(token)) ?? 0) + 1);
  let brackets = routine.cursorArguments;
  let equals = routine.settings + defaults(routine, pieces);
  let before = "";
  for (const token of tokensOf(body)) {
    const isCollation = before === "collate";
    before = token.form;
    const left = covered.get(key(token)) ?? 0;
    if (left > 0) covered.set(key(token), left - 1);
    else if (token.form === "(" && --brackets < 0) return token.form;
    else if ((token.form === "=" || token.form === ":=") && token.kind === "sign" && --equals < 0) return token.form;
    else if (!isCollation && !isStructure(token, routine)) return token.form;
  }
  return undefined;
}

function isStructure({ form, kind }: Token, { names }: Routine): boolean {
  if (kind === "constant") return true;
  if (kind === "sign") return signs.has(form) || ["(", ")", "=", ":="].includes(form);
  return (kind === "word" && keywords.has(form)) || names.has(form.toLowerCase());
}

/** Default values stand behind `:=`, `=` or DEFAULT. */
function defaults({ pieces: inTree }: Routine, pieces: readonly Piece[]): number {
  return pieces.length - inTree.length + inTree.filter(({ isDefault }) => isDefault).length;
}

/** The text in the source that a piece was made of. */
function sourceOf({ text, isPerformed }: Piece): string {
  if (isPerformed) return text.replace(/^SELECT/, "");
  return text.replace(/^"__Case__Variable_\d+__" IN \(([\s\S]*)\)$/, "$1");
}

/** Default values of records, found in the source: from the sign behind the type to the semicolon. */
export function recordDefaults(body: string, { records }: Routine): string[] {
  const tokens = tokensOf(body);
  const lines = new Map<number, number>();
  const lineOf = (byte: number) => {
    const known = lines.get(byte) ?? between(body, 0, byte).split("\n").length;
    lines.set(byte, known);
    return known;
  };
  return records.flatMap(({ name, line }) => {
    const at = tokens.findIndex(({ form, start }) => form === name && lineOf(start) === line);
    const end = tokens.findIndex(({ form }, i) => i > at && form === ";");
    if (at < 0 || end < 0) return [];
    const declaration = tokens.slice(at, end);
    const sign = declaration.find(({ form, kind }) => (kind === "sign" && (form === ":=" || form === "=")) || form === "default");
    return sign ? [between(body, sign.end, tokens[end]?.start ?? 0)] : [];
  });
}
