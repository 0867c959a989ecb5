import { operandOf, operandsOf, type Operand } from "./operands.js";
import { refuse } from "./refusal.js";
import { shapesOf, type Shape } from "./shapes.js";
import { tooDeep } from "./text.js";

/** A name as written: the last part is the object's, the one before its schema. */
export type Name = readonly string[];

export interface RelationMention {
  readonly name: Name;
  readonly written: boolean;
}

export interface FunctionMention {
  readonly name: Name;
  readonly arguments: number;
  /** How the types of the arguments come about; undefined where arguments are named or spread, so that their places are not known. */
  readonly operands?: readonly Operand[];
  /** Where the types of all arguments are to be found; absent where they are not known that well. */
  readonly shapes?: readonly Shape[];
}

export interface OperatorMention {
  readonly name: Name;
  /** Left and right; one for a prefix operator. */
  readonly operands: readonly Operand[];
  /** Sorting by an operator looks for its operator family as well. */
  readonly sorts?: boolean;
}

/** All names in a statement that the server will resolve to something that may run code. */
export interface Mentions {
  readonly relations: RelationMention[];
  readonly functions: FunctionMention[];
  readonly operators: OperatorMention[];
  readonly types: Name[];
  /** Arrays are made in the text: of any type that occurs. */
  arrays: boolean;
  /** Names of CTEs: they hide relations. */
  readonly ctes: Set<string>;
  readonly samplingMethods: Name[];
  /** Rows are locked (FOR UPDATE and its kin). */
  locks: boolean;
  /** INSERT, UPDATE, DELETE or MERGE, at the top or in a CTE. */
  writes: boolean;
  /** Nodes that older servers read as calls of ordinary functions: name → first version (major) with the syntax. */
  readonly newSyntax: Map<string, number>;
  /** Highest placeholder: `$3` is 3. */
  parameters: number;
  /** Whether a column of this name can only be one of a named table's; absent where no name is that clear, as in bodies, which have variables. */
  isClear?: (column: string) => boolean;
}

/** Statement kinds that may be explained. */
const statements = new Set(["SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"]);

/** Everything else that may occur inside them. What is not listed is refused: a new kind of node is a new way to run something. */
const parts = new Set(
  [
    "A_ArrayExpr A_Const A_Expr A_Indices A_Indirection A_Star Alias BitString BoolExpr Boolean BooleanTest CaseExpr CaseWhen CoalesceExpr",
    "CollateClause ColumnDef ColumnRef CommonTableExpr CTECycleClause CTESearchClause DefElem Float FuncCall GroupingFunc GroupingSet IndexElem InferClause",
    "Integer JoinExpr JsonAggConstructor JsonArgument JsonArrayAgg JsonArrayConstructor JsonArrayQueryConstructor JsonBehavior JsonFormat",
    "JsonFuncExpr JsonIsPredicate JsonKeyValue JsonObjectAgg JsonObjectConstructor JsonOutput JsonParseExpr JsonReturning JsonScalarExpr",
    "JsonSerializeExpr JsonTable JsonTableColumn JsonTablePathSpec JsonValueExpr List LockingClause MergeSupportFunc MergeWhenClause MinMaxExpr",
    "MultiAssignRef NamedArgExpr NullTest OnConflictClause ParamRef RangeFunction RangeSubselect RangeTableFunc RangeTableFuncCol RangeTableSample",
    "RangeVar ResTarget ReturningClause ReturningOption RowExpr SetToDefault SortBy SQLValueFunction String SubLink TypeCast TypeName WindowDef",
    "WithClause XmlExpr XmlSerialize",
  ]
    .join(" ")
    .split(" "),
);

const newNodes: Record<string, number> = {
  JsonObjectConstructor: 16,
  JsonArrayConstructor: 16,
  JsonArrayQueryConstructor: 16,
  JsonObjectAgg: 16,
  JsonArrayAgg: 16,
  JsonAggConstructor: 16,
  JsonIsPredicate: 16,
  JsonParseExpr: 17,
  JsonScalarExpr: 17,
  JsonSerializeExpr: 17,
  JsonFuncExpr: 17,
  JsonTable: 17,
  MergeSupportFunc: 17,
};
const deepest = 4_000;

/** What a FROM clause or a condition joins. Planning 20,000 of them takes the server's memory, out of reach of a cancel request. */
const joined = new Set(["RangeVar", "RangeSubselect", "RangeFunction", "RangeTableFunc", "JsonTable", "SubLink"]);
const mostJoined = 1_000;

type Tree = { readonly [key: string]: unknown };

/** Collects the names of one parsed statement. Refuses whatever is not among the five kinds that may be explained. */
export function mentionsOf(statement: object): Mentions {
  const kind = Object.keys(statement)[0] ?? "";
  if (!statements.has(kind)) throw otherStatement(kind);
  return mentionsOfParts([statement]);
}

/** The same for expressions. */
export function mentionsOfParts(parts: readonly object[]): Mentions {
  const mentions: Mentions = {
    relations: [],
    functions: [],
    operators: [],
    types: [],
    arrays: false,
    ctes: new Set(),
    samplingMethods: [],
    locks: false,
    writes: false,
    newSyntax: new Map(),
    parameters: 0,
  };
  walk(parts, mentions);
  // Comparisons that are written nowhere: IN, BETWEEN, CASE x WHEN, NULLIF, USING, row comparison.
  for (const name of ["=", "<>", "<", "<=", ">", ">="])
    mentions.operators.push({ name: [name], operands: ["typed", "literal"] }, { name: [name], operands: ["literal", "typed"] });
  return mentions;
}

/** Depth first with a stack of our own: a deep tree must end in a refusal, not in a broken process. */
function walk(root: unknown, mentions: Mentions): void {
  const stack: { value: unknown; field: string; depth: number }[] = [{ value: root, field: "", depth: 0 }];
  let tables = 0;
  const see = (kind: string, tree: Tree, field: string) => {
    if (joined.has(kind) && ++tables > mostJoined) throw tooMany();
    visit(kind, tree, field, mentions);
  };
  for (let item = stack.pop(); item; item = stack.pop()) {
    const { value, field, depth } = item;
    if (depth > deepest) throw tooDeep("expressions");
    if (Array.isArray(value)) for (const each of value) stack.push({ value: each, field, depth: depth + 1 });
    else if (typeof value === "object" && value !== null) {
      const tree = value as Tree;
      const wrapped = Object.keys(tree).length === 1 ? Object.keys(tree)[0] : undefined;
      if (wrapped !== undefined && /^[A-Z]/.test(wrapped)) {
        see(wrapped, tree[wrapped] as Tree, field);
        pushFields(tree[wrapped] as Tree, depth, stack);
      } else {
        const kind = kindOf(tree, field);
        if (kind) see(kind, tree, field);
        pushFields(tree, depth, stack);
      }
    }
  }
}

function pushFields(tree: Tree, depth: number, stack: { value: unknown; field: string; depth: number }[]): void {
  for (const [field, value] of Object.entries(tree))
    if (typeof value === "object" && value !== null) stack.push({ value, field, depth: depth + 1 });
}

/** Fields whose type is fixed hold their node without its name around it. */
function kindOf(tree: Tree, field: string): string | undefined {
  if ("relname" in tree) return "RangeVar";
  if (field === "typeName") return "TypeName";
  if ("funcname" in tree) return "FuncCall";
  if (field === "larg" || field === "rarg") return "SelectStmt";
  if (field === "intoClause") return "IntoClause";
  if (field === "onConflictClause") return "OnConflictClause";
  return undefined;
}

function visit(kind: string, tree: Tree, field: string, mentions: Mentions): void {
  if (!parts.has(kind) && !statements.has(kind)) throw kind === "IntoClause" ? selectInto() : unknownPart(kind);
  const since = newNodes[kind];
  if (since !== undefined) mentions.newSyntax.set(kind, since);
  visitors[kind]?.(tree, mentions, field);
}

const visitors: Record<string, (tree: Tree, mentions: Mentions, field: string) => void> = {
  SelectStmt: (tree) => {
    if (tree.intoClause) throw selectInto();
  },
  InsertStmt: write,
  UpdateStmt: write,
  DeleteStmt: write,
  MergeStmt: write,
  LockingClause: (_, mentions) => void (mentions.locks = true),
  RangeVar: (tree, mentions) => {
    const name = [tree.catalogname, tree.schemaname, tree.relname].filter(
      (part): part is string => typeof part === "string" && part !== "",
    );
    mentions.relations.push({ name, written: false });
  },
  CommonTableExpr: (tree, mentions) => void mentions.ctes.add(String(tree.ctename)),
  RangeTableSample: (tree, mentions) => void mentions.samplingMethods.push(strings(tree.method)),
  FuncCall: (tree, mentions) => {
    const name = strings(tree.funcname);
    const count =
      (Array.isArray(tree.args) ? tree.args.length : 0) +
      (tree.agg_within_group && Array.isArray(tree.agg_order) ? tree.agg_order.length : 0);
    const operands = tree.func_variadic || tree.agg_within_group ? undefined : operandsOf(tree.args);
    const shapes = shapesOf(tree);
    mentions.functions.push({ name, arguments: count, ...(operands ? { operands } : {}), ...(shapes ? { shapes } : {}) });
    // The parser of 16 and later spells `json_object(…)` and `system_user` with a schema; an older server looks along the search path.
    const last = name.at(-1) ?? "";
    if (name[0] === "pg_catalog" && /^(json_|system_user|overlay|substring|normalize|is_normalized)/.test(last))
      mentions.functions.push({ name: [last], arguments: count });
  },
  // `row.name` and `(value).name` call the function `name` where there is no such column; the name may also be a type's.
  ColumnRef: (tree, mentions) => {
    const names = strings(tree.fields);
    if (names.length > 1 || (Array.isArray(tree.fields) && tree.fields.length > 1))
      for (const name of names.slice(1)) notation(name, mentions);
  },
  A_Indirection: (tree, mentions) => strings(tree.indirection).forEach((name) => notation(name, mentions)),
  A_ArrayExpr: (_, mentions) => void (mentions.arrays = true),
  TypeName: (tree, mentions) => {
    const name = strings(tree.names);
    mentions.types.push(name);
    if (tree.arrayBounds) mentions.arrays = true;
    // JSON is a word of the grammar from 16 on; an older server looks the type up along the search path.
    if (name.join(".") === "pg_catalog.json") mentions.types.push(["json"]);
  },
  A_Expr: (tree, mentions) => {
    const operands = tree.lexpr === undefined ? [operandOf(tree.rexpr)] : [operandOf(tree.lexpr), operandOf(tree.rexpr)];
    mentions.operators.push({ name: strings(tree.name), operands });
  },
  SubLink: (tree, mentions) => {
    if (tree.subLinkType === "ARRAY_SUBLINK") mentions.arrays = true;
    if (tree.operName) mentions.operators.push({ name: strings(tree.operName), operands: [operandOf(tree.testexpr), "typed"] });
  },
  ParamRef: (tree, mentions) => void (mentions.parameters = Math.max(mentions.parameters, Number(tree.number ?? 0))),
  SortBy: (tree, mentions) => {
    if (tree.useOp) mentions.operators.push({ name: strings(tree.useOp), operands: ["typed", "typed"], sorts: true });
  },
};

function notation(name: string, mentions: Mentions): void {
  mentions.functions.push({ name: [name], arguments: notationArguments });
}

/** Marks a function that is named as if it were a column: one argument, and only if no column has the name. */
export const notationArguments = -1;

function write(tree: Tree, mentions: Mentions): void {
  mentions.writes = true;
  const relation = tree.relation as Tree | undefined;
  if (!relation) return;
  const name = [relation.catalogname, relation.schemaname, relation.relname].filter(
    (part): part is string => typeof part === "string" && part !== "",
  );
  mentions.relations.push({ name, written: true });
}

function strings(list: unknown): string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: { String?: { sval?: string } }) => (item.String ? [item.String.sval ?? ""] : []));
}

function tooMany(): Error {
  return refuse(
    `The statement names more than ${mostJoined.toLocaleString("en")} tables, functions and subqueries.`,
    "Planning their joins could exhaust the server.",
    "Explain a smaller part of it.",
  );
}

function selectInto(): Error {
  return refuse("SELECT INTO creates a table.", "Explaining must not create anything.", "Leave out INTO and its target.");
}

function unknownPart(kind: string): Error {
  return refuse(
    `The statement holds a construct that the safety check does not know (${kind}).`,
    "What cannot be judged is not sent.",
    "Rewrite that part.",
  );
}

function otherStatement(kind: string): Error {
  const words = kind
    .replace(/Stmt$/, "")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toUpperCase();
  const advice =
    kind === "ExplainStmt"
      ? "Give the statement without EXPLAIN: the tool adds it."
      : "Explain a SELECT, VALUES, TABLE, INSERT, UPDATE, DELETE or MERGE statement.";
  return refuse(`This is a ${words} statement.`, "It has no plan, or it changes more than rows.", advice);
}
