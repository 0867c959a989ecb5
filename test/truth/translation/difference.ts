import { deparseSync } from "pgsql-deparser";
import { parseSql } from "../../../server/src/sql/index.js";

/** Both statements in one writing, clause by clause; lines that differ carry a mark. */
export function difference(ours: string, theirs: string): string[] {
  const [a, b] = [linesOf(ours), linesOf(theirs)];
  const length = longestCommon(a, b);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push(`  ${a[i]}`);
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && length(i + 1, j) >= length(i, j + 1))) lines.push(`- ours: ${a[i++]}`);
    else lines.push(`+ sent: ${b[j++]}`);
  }
  return lines;
}

function linesOf(sql: string): string[] {
  const outcome = parseSql(sql);
  const [first] = outcome.ok ? (outcome.tree.stmts ?? []) : [];
  if (!first?.stmt) return [sql];
  return deparseSync([first.stmt], { pretty: true })
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function longestCommon(a: readonly string[], b: readonly string[]): (i: number, j: number) => number {
  const width = b.length + 1;
  const table = new Array<number>((a.length + 1) * width).fill(0);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i * width + j] =
        a[i] === b[j] ? table[(i + 1) * width + j + 1]! + 1 : Math.max(table[(i + 1) * width + j]!, table[i * width + j + 1]!);
  return (i, j) => table[i * width + j] ?? 0;
}
