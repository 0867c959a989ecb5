import { isInitPlan, type RawNode } from "./rawTree.js";

/**
 * How expressions name the value of an InitPlan: `(InitPlan 1).col1` from 17 on, for which the mark is `1`; `$0` before, where the subplan's own
 * name tells the numbers: `InitPlan 1 (returns $0,$1)`.
 */
export function initPlanMarks(node: RawNode): readonly string[] {
  if (!isInitPlan(node) || !node.subplanName) return [];
  const [name, returns] = node.subplanName.split(" (returns ");
  const parameters = returns === undefined ? [] : returns.replace(")", "").split(",");
  return [...parameters.map((parameter) => parameter.trim()), bareName(name ?? "")].filter((mark) => mark !== "");
}

/** Version 19 calls them `expr_1`, with and without the word before. */
function bareName(name: string): string {
  const word = "InitPlan ";
  return name.startsWith(word) ? name.slice(word.length) : name;
}

/** The marks of all InitPlans that an expression names. Text inside quotes does not count; `$1` is not in `$12`. */
export function marksIn(expression: string): readonly string[] {
  if (!expression.includes("$") && !expression.includes(").col")) return [];
  const marks: string[] = [];
  const open: number[] = [];
  for (let index = 0; index < expression.length; index++) {
    const character = expression[index];
    if (character === "'" || character === '"') index = afterQuote(expression, index);
    else if (character === "(") open.push(index + 1);
    else if (character === ")") {
      const start = open.pop();
      if (start !== undefined && isColumn(expression, index + 1)) marks.push(bareName(expression.slice(start, index)));
    } else if (character === "$" && !isWord(expression[index - 1])) {
      const end = afterDigits(expression, index + 1);
      if (end > index + 1 && !isWord(expression[end])) marks.push(expression.slice(index, end));
      index = end - 1;
    }
  }
  return marks;
}

function afterQuote(expression: string, start: number): number {
  const end = expression.indexOf(expression[start] ?? "", start + 1);
  return end < 0 ? expression.length : end;
}

/** Whether `.col1` stands there. */
function isColumn(expression: string, start: number): boolean {
  return expression.startsWith(".col", start) && afterDigits(expression, start + 4) > start + 4;
}

function afterDigits(expression: string, start: number): number {
  let end = start;
  while (isDigit(expression[end])) end++;
  return end;
}

const isDigit = (character: string | undefined): boolean => character !== undefined && character >= "0" && character <= "9";

function isWord(character: string | undefined): boolean {
  if (character === undefined) return false;
  return isDigit(character) || character === "_" || character === "$" || character.toLowerCase() !== character.toUpperCase();
}
