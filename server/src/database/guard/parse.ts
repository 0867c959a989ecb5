import { OptimizerError } from "#protocol/failure";
import { initEngine, parseTree, SyntaxProblem } from "../../sql/engine/engine.js";
import { refuse } from "./refusal.js";

/** The one statement of a text, as PostgreSQL's own parser reads it. */
export async function parseOne(text: string): Promise<object> {
  await initEngine();
  return parseOneSync(text);
}

/** The same once the parser is there. */
export function parseOneSync(text: string): object {
  const statements = parseAll(text);
  if (statements.length === 0)
    throw new OptimizerError({
      kind: "usage",
      message: "There is no statement in the text.",
      advice: "Give one SELECT, INSERT, UPDATE, DELETE or MERGE.",
    });
  if (statements.length > 1)
    throw refuse(
      `The text holds ${statements.length} statements.`,
      "Only one can be explained, and a second one could do anything.",
      "Select the one statement that you mean.",
    );
  return statements[0] as object;
}

/** All statements of a text, for bodies of SQL functions. */
export function parseAll(text: string): object[] {
  try {
    return (parseTree(text === "" ? ";" : text).stmts ?? []).flatMap(({ stmt }) => (stmt ? [stmt] : []));
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw new OptimizerError({
      kind: "database",
      message: `PostgreSQL cannot parse the statement: ${error.message.replace(/\.$/, "")}.`,
      advice: "Correct the statement at the marked place.",
      ...(error.offset === undefined ? {} : { position: positionOf(text, error.offset) }),
    });
  }
}

/** Code points from 0 → line and UTF-16 column from 1. */
function positionOf(text: string, codePoints: number): { line: number; column: number } {
  const before = [...text].slice(0, Math.max(0, codePoints)).join("");
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: before.length - lineStart + 1 };
}
