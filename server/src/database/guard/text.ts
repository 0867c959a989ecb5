import { refuse } from "./refusal.js";

/** More than any statement that a person or an ORM writes; the server's parser is not asked to read more. */
const longest = 500_000;
const deepestBrackets = 1_500;
const deepestComments = 64;
const mostComments = 5_000;

/**
 * Looks at the text before any parser does: a parser that is kept busy, or that reads something else than the server, protects nobody.
 * Returns the text without its byte order mark.
 */
export function checkText(sql: string): string {
  const text = sql.replace(/^\uFEFF/, "");
  if (text.includes("\0"))
    throw refuse(
      "The statement holds a NUL character.",
      "PostgreSQL cannot hold one, and parsers stop reading there.",
      "Remove the character.",
    );
  if (/\p{Surrogate}/u.test(text))
    throw refuse(
      "The statement is not valid Unicode.",
      "It holds half of a surrogate pair, which servers read differently.",
      "Correct the text's encoding.",
    );
  const bytes = Buffer.byteLength(text, "utf8");
  if (bytes > longest)
    throw refuse(
      `The statement is ${bytes.toLocaleString("en")} bytes long.`,
      `Planning it could keep the server busy; the limit is ${longest.toLocaleString("en")}.`,
      "Shorten it, for example by putting long lists into a table or an array parameter.",
    );
  checkDepth(text);
  return text;
}

/**
 * Counts without regard to strings, so it never counts too few. Nested comments keep a server's scanner busy for minutes, out of reach of
 * cancel requests; nested brackets exhaust its stack.
 */
function checkDepth(text: string): void {
  let brackets = 0;
  let comments = 0;
  let opened = 0;
  for (let at = 0; at < text.length; at++) {
    const pair = text.slice(at, at + 2);
    if (pair === "/*") {
      comments += 1;
      opened += 1;
      at += 1; // "/*/" opens and does not close
    } else if (pair === "*/") {
      comments = Math.max(0, comments - 1);
      at += 1;
    } else if (pair[0] === "(" || pair[0] === "[") brackets += 1;
    else if (pair[0] === ")" || pair[0] === "]") brackets = Math.max(0, brackets - 1);
    if (comments > deepestComments || opened > mostComments) throw tooDeep("comments");
    if (brackets > deepestBrackets) throw tooDeep("brackets");
  }
}

export function tooDeep(what: string): Error {
  return refuse(`The statement nests ${what} too deeply.`, "Reading it could exhaust the server.", "Flatten the statement.");
}
