/** What a stored expression or query (pg_node_tree) refers to, as the server itself resolved it when it was stored. */
export interface TreeReferences {
  readonly functions: Set<number>;
  readonly operators: Set<number>;
  /** Those by which rows are sorted. */
  readonly sortOperators: Set<number>;
  readonly types: Set<number>;
  readonly relations: Set<number>;
  /** A query in the tree that inserts, updates, deletes or locks. */
  readonly writes: boolean;
  readonly locks: boolean;
}

const functionFields = new Set([
  "funcid",
  "opfuncid",
  "aggfnoid",
  "winfnoid",
  "tsmhandler",
  "startInRangeFunc",
  "endInRangeFunc",
  "hashfuncid",
  "negfuncid",
]);
const operatorFields = new Set(["opno", "eqop", "sortop", "opnos", "cycle_mark_neop"]);
/** `resulttype`, `row_typeid`, `funccoltypes` … Numbers of enums in fields that end alike are too small to be a user's type. */
const isTypeField = (field: string) => /(type|typid|types|typeid|typeId|colTypes)$/.test(field);

/**
 * Reads the text form of a node tree: `{OPEXPR :opno 96 :opfuncid 65 …}`. Fields are found wherever they stand, so a name in the tree that
 * looks like a field adds a reference and never hides one.
 */
export function referencesOf(tree: string): TreeReferences {
  const references = {
    functions: new Set<number>(),
    operators: new Set<number>(),
    sortOperators: new Set<number>(),
    types: new Set<number>(),
    relations: new Set<number>(),
  };
  let writes = false;
  let locks = false;
  let field = "";
  for (const token of tokensOf(tree)) {
    if (token.startsWith(":")) field = token.slice(1);
    else if (token === "{ROWMARKCLAUSE" || token === "{LOCKINGCLAUSE") locks = true;
    else if (/^\d+$/.test(token)) {
      const oid = Number(token);
      if (field === "commandType" && oid !== selectCommand) writes = true;
      if (oid === 0) continue;
      if (functionFields.has(field)) references.functions.add(oid);
      else if (field === "sortop") references.sortOperators.add(oid);
      else if (operatorFields.has(field)) references.operators.add(oid);
      else if (isTypeField(field)) references.types.add(oid);
      else if (field === "relid") references.relations.add(oid);
    }
  }
  return { ...references, writes, locks };
}

const selectCommand = 1;

/** Words between blanks and brackets; a backslash takes the next character with it. An opening brace stays with its node's name. */
function* tokensOf(tree: string): Generator<string> {
  let start = 0;
  let at = 0;
  const word = () => tree.slice(start, at);
  for (; at < tree.length; at++) {
    const character = tree[at];
    if (character === "\\") at += 1;
    else if (character === " " || character === "\n" || character === "(" || character === ")" || character === "}" || character === "{") {
      if (at > start) yield word();
      start = character === "{" ? at : at + 1;
    }
  }
  if (at > start) yield word();
}
