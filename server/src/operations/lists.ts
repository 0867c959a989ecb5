import { arrayElements } from "#protocol/arrayValue";
import { OptimizerError } from "#protocol/failure";
import type { ParameterValue } from "#protocol/statement";
import { ancestors, parseStatements, walk, type SqlStatement, type Token } from "../sql/index.js";
import { typedText } from "./readStatement.js";

export interface WrittenOut {
  readonly sql: string;
  readonly parameters: readonly ParameterValue[];
}

/**
 * Writes placeholders that stand for IN lists out as the driver does, one for each value, and numbers all of them anew.
 * @param lists positions whose values are arrays (`{1,2}`)
 * @throws OptimizerError (usage) where a value is no list, the list is empty, or the placeholder is used outside of an IN list
 */
export function writeOutLists(sql: string, values: readonly ParameterValue[], lists: readonly number[]): WrittenOut {
  if (lists.length === 0) return { sql, parameters: values };
  const statement = readLists(sql, lists);
  const parameters: ParameterValue[] = [];
  const written = new Map<string, readonly string[]>();
  values.forEach((value, index) => {
    const elements = lists.includes(index + 1) ? elementsOf(value, index + 1) : [value];
    const names = elements.map((_, at) => `$${parameters.length + at + 1}`);
    written.set(`$${index + 1}`, names);
    parameters.push(...elements);
  });
  const words = ({ text }: Token, index: number) => written.get(text)?.join(`${castOf(statement, index)}, `);
  return { sql: replaced(statement, words), parameters };
}

/** `x IN ($1)` → `x = ANY ($1)`, for plans without values: how long the list will be is not known, and so it is for the planner. */
export function listsAsArrays(sql: string, lists: readonly number[]): string {
  if (lists.length === 0) return sql;
  const statement = readLists(sql, lists);
  const wanted = new Set(lists.map((position) => `$${position}`));
  const { tokens } = statement;
  const words = new Map<Token, string>();
  tokens.forEach((token, index) => {
    if (!wanted.has(token.text)) return;
    const end = endOfCast(tokens, index);
    const [not, is, open, close] = [tokens[index - 3], tokens[index - 2], tokens[index - 1], tokens[end + 1]];
    if (!is || !isWord(is, "in") || open?.text !== "(" || close?.text !== ")") throw severalItems(token.text);
    const negated = isWord(not, "not");
    words.set(is, negated ? "ALL" : "= ANY");
    if (not && negated) words.set(not, "<>");
    if (end > index) words.set(close, "[])");
  });
  return replaced(statement, (token) => words.get(token));
}

/** `::numeric(9, 2)` behind a placeholder; empty where there is none. */
function castOf({ text, tokens }: SqlStatement, index: number): string {
  return text.slice(tokens[index]?.end, tokens[endOfCast(tokens, index)]?.end);
}

/** The last token of a list's item that begins with the placeholder. */
function endOfCast(tokens: readonly Token[], index: number): number {
  let depth = 0;
  let at = index;
  for (; at + 1 < tokens.length && tokens[index + 1]?.text === "::"; at++) {
    const next = tokens[at + 1]?.text;
    if (depth === 0 && (next === "," || next === ")")) break;
    depth += next === "(" ? 1 : next === ")" ? -1 : 0;
  }
  return at;
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.keyword === true && token.text.toLowerCase() === word;
}

function replaced({ text, tokens }: SqlStatement, by: (token: Token, index: number) => string | undefined): string {
  let result = "";
  let done = 0;
  for (const [index, token] of tokens.entries()) {
    const words = by(token, index);
    if (words === undefined) continue;
    result += text.slice(done, token.start) + words;
    done = token.end;
  }
  return result + text.slice(done);
}

function elementsOf(value: ParameterValue, position: number): readonly ParameterValue[] {
  const elements = value === null ? undefined : arrayElements(value);
  if (!elements) {
    const given = value === null ? "NULL" : `"${value}"`;
    throw usage(
      `$${position} stands for a list, and ${given} is none.`,
      "Write it as {1,2,3}; elements that hold commas in double quotes.",
    );
  }
  if (elements.length > 0) return elements;
  throw usage(
    `The list for $${position} is empty.`,
    "Give at least one value: for an empty list SQLAlchemy sends a condition that no row meets, and other drivers a text that does not parse.",
  );
}

/** Every use of the placeholders must be an item of an IN list: nowhere else can one become several. */
function readLists(sql: string, lists: readonly number[]): SqlStatement {
  const [statement, ...others] = parseStatements({ ...typedText(sql), placeholders: ["dollar"] }).statements;
  if (!statement || others.length > 0)
    throw usage("A text with placeholders for lists must be one statement that parses.", "Give exactly one statement.");
  walk(statement.tree, (visit) => {
    if (visit.tag !== "ParamRef" || !lists.includes(visit.node.number ?? 0)) return;
    const comparison = [...ancestors(visit)].find(({ tag }) => tag !== "List" && tag !== "TypeCast");
    if (comparison?.tag !== "A_Expr" || comparison.node.kind !== "AEXPR_IN")
      throw usage(
        `$${visit.node.number} stands for a list, and is used outside of IN (…).`,
        "Write = ANY ($n) there, and give it one array.",
      );
  });
  return statement;
}

function severalItems(placeholder: string): OptimizerError {
  return usage(
    `${placeholder} is not the only item of its list, so the list cannot be planned without values.`,
    "Give values for the placeholders, or write the list as = ANY ($n).",
  );
}

function usage(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}
