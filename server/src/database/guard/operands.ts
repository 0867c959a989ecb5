/**
 * How the type of an operand comes about. `literal`: a string, NULL or placeholder, which the server gives whatever type fits the function or
 * operator that it chooses; `typed`: it has its type by itself; `either`: of several parts, or not known.
 */
export type Operand = "literal" | "typed" | "either";

type Tree = { readonly [key: string]: unknown };

export function operandOf(node: unknown): Operand {
  if (typeof node !== "object" || node === null) return "either";
  const [kind, tree] = Object.entries(node)[0] ?? ["", {}];
  switch (kind) {
    case "A_Const":
      return "sval" in (tree as Tree) || "isnull" in (tree as Tree) ? "literal" : "typed";
    case "ParamRef":
      return "literal";
    case "CollateClause":
      return operandOf((tree as Tree).arg);
    case "List":
    case "RowExpr":
      return "either";
    default:
      return "typed";
  }
}

/** Of a call's arguments; undefined where an argument is named, so that its place is not known. */
export function operandsOf(list: unknown): Operand[] | undefined {
  if (!Array.isArray(list)) return [];
  if (list.some((node: Tree) => "NamedArgExpr" in node)) return undefined;
  return list.map(operandOf);
}

/** One use of a name in the text, seen from one function or operator that bears the name. */
export interface Use {
  readonly operands?: readonly Operand[];
  /** PostgreSQL itself has one of this name that takes as many. */
  readonly shared: boolean;
}

/**
 * Whether the server may choose a candidate for one of these uses although no value of the types at `absent` places occurs. A literal can
 * become such a value; among nothing but literals PostgreSQL's own candidate wins, or the server finds the call ambiguous.
 */
export function mayBeMeant(uses: readonly Use[], absent: readonly number[]): boolean {
  if (absent.length === 0) return true;
  return uses.some(({ operands, shared }) => {
    if (!shared || !operands) return true;
    return absent.every((place) => operands[place] !== "typed") && !operands.every((operand) => operand === "literal");
  });
}
