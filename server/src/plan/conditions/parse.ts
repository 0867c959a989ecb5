import { parseTree, scanTokens } from "../../sql/engine/engine.js";
import { isObject, type Json, type JsonObject } from "../json.js";

/** A node of libpg_query's tree: `{ A_Expr: { … } }` as kind and fields. */
export interface SyntaxNode {
  readonly kind: string;
  readonly fields: JsonObject;
}

export function syntaxNode(value: Json | undefined): SyntaxNode | undefined {
  if (!isObject(value)) return undefined;
  const [entry] = Object.entries(value);
  return entry && isObject(entry[1]) ? { kind: entry[0], fields: entry[1] } : undefined;
}

export function syntaxNodes(value: Json | undefined): readonly SyntaxNode[] {
  return Array.isArray(value) ? (value as readonly Json[]).flatMap((item) => syntaxNode(item) ?? []) : [];
}

/**
 * A condition as EXPLAIN writes it. Undefined for the few spellings that are no SQL even after their names of sub-plans are replaced.
 * The SQL engine must have been initialised.
 */
export function parseCondition(text: string): SyntaxNode | undefined {
  const known = parsed.get(text);
  if (known) return known;
  const select = parseSelect(`SELECT 1 WHERE ${text}`) ?? parseSelect(`SELECT 1 WHERE ${withoutSubPlans(text)}`);
  const node = syntaxNode(select?.["whereClause"]);
  if (node) remember(text, node);
  return node;
}

/** Several rules ask for the same condition. What cannot be read is not kept: the engine may not have been loaded yet. */
const parsed = new Map<string, SyntaxNode>();
const mostParsed = 500;

function remember(text: string, node: SyntaxNode): void {
  if (parsed.size >= mostParsed) parsed.clear();
  parsed.set(text, node);
}

/** The `SortBy` of one sort key. */
export function parseSortKey(text: string): JsonObject | undefined {
  const select = parseSelect(`SELECT 1 ORDER BY ${text}`) ?? parseSelect(`SELECT 1 ORDER BY ${withoutSubPlans(text)}`);
  const [key] = syntaxNodes(select?.["sortClause"]);
  return key?.kind === "SortBy" ? key.fields : undefined;
}

/** One item of `Output`. */
export function parseExpression(text: string): SyntaxNode | undefined {
  const select = parseSelect(`SELECT ${text}`) ?? parseSelect(`SELECT ${withoutSubPlans(text)}`);
  return syntaxNode(syntaxNodes(select?.["targetList"])[0]?.fields["val"]);
}

function parseSelect(sql: string): JsonObject | undefined {
  try {
    const statement = (parseTree(sql) as unknown as { stmts?: readonly { stmt?: Json }[] }).stmts?.[0]?.stmt;
    const node = syntaxNode(statement);
    return node?.kind === "SelectStmt" ? node.fields : undefined;
  } catch {
    // No SQL: the caller tries another spelling, then does without this condition.
    return undefined;
  }
}

/** `(hashed SubPlan 1).col1` → `(NULL).col1`; `ANY (a = …)` and `EXISTS(…)` → a function's call; `PARTIAL count(*)` → `count(*)`. */
function withoutSubPlans(text: string): string {
  let tokens: readonly { text: string; tokenName: string; keywordName: string }[];
  try {
    tokens = scanTokens(text);
  } catch {
    return text;
  }
  const words: string[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const word = tokens[index]?.text ?? "";
    const isPlan = ["SubPlan", "InitPlan", "Subplan"].includes(word) && tokens[index + 1]?.tokenName === "ICONST";
    if (isPlan) {
      words.push("NULL");
      index++;
    } else if (word === "hashed" || word === "rescan" || word === "PARTIAL") continue;
    else if (["ANY", "ALL", "EXISTS"].includes(word) && tokens[index + 1]?.text === "(") words.push("coalesce");
    else words.push(word);
  }
  return words.join(" ");
}

/** Whether a condition asks for a list of values: `= ANY (…)`, of an array or of what a sub-plan gives. */
export function asksForList(condition: string): boolean {
  try {
    return scanTokens(condition).some(({ text }) => text === "ANY");
  } catch {
    // Cannot be read: then nothing is said of it.
    return true;
  }
}
