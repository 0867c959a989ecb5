import { parsePlpgsqlFunction } from "../../../sql/engine/engine.js";

/** How the server reads a piece of SQL inside a body: its own enum (RawParseMode). */
export const parseModes = { statement: 0, expression: 2, assignments: [3, 4, 5] } as const;

/** SQL that stands in a body, as it stands there. */
export interface Piece {
  readonly text: string;
  readonly mode: number;
  /** Of a declaration. */
  readonly isDefault?: boolean;
  /** PERFORM is read as a SELECT that is not in the source. */
  readonly isPerformed?: boolean;
}

/** What a body in PL/pgSQL consists of. */
export interface Routine {
  readonly pieces: readonly Piece[];
  /** Types of declared variables, as written. */
  readonly types: readonly string[];
  /** Names that are not SQL: variables, fields, labels, conditions, diagnostics. Lower case. */
  readonly names: ReadonlySet<string>;
  /** Records with the line of their declaration: their default values are missing in the tree. */
  readonly records: readonly { readonly name: string; readonly line: number }[];
  /** Lists of arguments of cursors, which stand in brackets that belong to no piece. */
  readonly cursorArguments: number;
  /** Equals signs that belong to no piece: options of RAISE and items of GET DIAGNOSTICS. */
  readonly settings: number;
}

/** Something in a body that cannot be let through. `why` completes "may do more than read: …". */
export class BodyObjection extends Error {}

type Node = Readonly<Record<string, unknown>>;

const harmlessNodes = new Set(
  `function alias var rec row recfield type expr stmt_block exception_block exception condition stmt_assign stmt_if if_elsif stmt_case case_when stmt_loop
   stmt_while stmt_fori stmt_fors stmt_forc stmt_foreach_a stmt_exit stmt_return stmt_return_next stmt_return_query stmt_raise raise_option stmt_assert
   stmt_execsql stmt_getdiag diag_item stmt_open stmt_fetch stmt_close stmt_perform`.split(/\s+/),
);

const harmfulNodes: Readonly<Record<string, string>> = {
  stmt_dynexecute: "EXECUTE runs SQL that is put together at run time",
  stmt_dynfors: "FOR … IN EXECUTE runs SQL that is put together at run time",
  stmt_call: "CALL or DO runs a procedure or a block",
  stmt_commit: "COMMIT ends the transaction",
  stmt_rollback: "ROLLBACK ends the transaction",
};

/** Reads the CREATE FUNCTION statement that the server gives for a function. Throws BodyObjection and SyntaxProblem. */
export function readRoutine(createFunction: string): Routine {
  const reader = new Reader();
  reader.walk(parsePlpgsqlFunction(createFunction), "", "");
  return reader;
}

class Reader implements Routine {
  readonly pieces: Piece[] = [];
  readonly types: string[] = [];
  readonly names = new Set<string>();
  readonly records: { name: string; line: number }[] = [];
  cursorArguments = 0;
  settings = 0;

  /** `kind` and `field` tell where a value stands. */
  walk(value: unknown, kind: string, field: string, line = 0): void {
    if (Array.isArray(value)) for (const each of value) this.walk(each, kind, field, line);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    for (const [key, inner] of Object.entries(value as Node)) {
      const name = key.startsWith("PLpgSQL_") ? key.slice("PLpgSQL_".length) : undefined;
      if (name === undefined) this.walkField(key, inner, kind, line);
      else this.walkNode(name, inner as Node, kind, field, line);
    }
  }

  private walkNode(name: string, node: Node, parent: string, field: string, outerLine: number): void {
    const line = typeof node.lineno === "number" ? node.lineno : outerLine;
    const harm = harmfulNodes[name];
    if (harm !== undefined) throw new BodyObjection(`${harm} (line ${line} of its body)`);
    if (!harmlessNodes.has(name)) throw new BodyObjection(`its body holds a statement that the safety check does not know (${name})`);
    if (name === "expr") return this.addPiece(node, parent, field, line);
    if (name === "condition") checkCondition(String(node.condname ?? ""), line);
    if (name === "raise_option" || name === "diag_item") this.settings += 1;
    // Parameters have no line; their types are in the catalog.
    if (name === "type" && line > 0) this.types.push(String(node.typname ?? ""));
    if (name === "rec" && line > 0) this.records.push({ name: String(node.refname ?? ""), line });
    this.walk(node, name, "", name === "var" || name === "rec" ? Number(node.lineno ?? 0) : line);
  }

  private walkField(key: string, value: unknown, kind: string, line: number): void {
    // The variables that a statement fills are in the list of all variables, too.
    if (key === "target" || (key === "var" && kind !== "")) return;
    if (key === "argquery" || key === "cursor_explicit_argrow") this.cursorArguments += 1;
    if (["refname", "fieldname", "name", "label", "condname", "kind"].includes(key) && typeof value === "string")
      this.names.add(value.toLowerCase());
    this.walk(value, kind, key, line);
  }

  private addPiece({ query, parseMode }: Node, parent: string, field: string, line: number): void {
    if (field === "dynquery") throw new BodyObjection(`EXECUTE runs SQL that is put together at run time (line ${line} of its body)`);
    this.pieces.push({
      text: String(query ?? ""),
      mode: Number(parseMode ?? 0),
      isDefault: field === "default_val",
      isPerformed: parent === "stmt_perform",
    });
  }
}

/** Who catches the cancel request goes on after the timeout. */
function checkCondition(condition: string, line: number): void {
  if (/^(query_canceled|operator_intervention|57...)$/i.test(condition))
    throw new BodyObjection(`it catches ${condition}, so that a timeout would not end it (line ${line} of its body)`);
}
