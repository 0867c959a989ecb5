import { scanTokens, SyntaxProblem } from "./engine/engine.js";

/** A name as it must be written to mean exactly this: quoted where letter case, other characters or a keyword demand it. */
export function quoteIdentifier(name: string): string {
  return isPlain(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

function isPlain(name: string): boolean {
  if (name === "" || name !== name.toLowerCase()) return false;
  try {
    const [token, more] = scanTokens(name);
    const free = token?.keywordName === "NO_KEYWORD" || token?.keywordName === "UNRESERVED_KEYWORD";
    return (
      !more &&
      free &&
      (token.tokenName === "IDENT" || token.keywordName === "UNRESERVED_KEYWORD") &&
      token.text === name &&
      !name.startsWith('"')
    );
  } catch (error) {
    if (error instanceof SyntaxProblem) return false;
    throw error;
  }
}
