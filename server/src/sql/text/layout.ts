import { scanTokens, SyntaxProblem } from "../engine/engine.js";
import { byteOffsets } from "./offsets.js";

/** One token, with whether a blank stands before it. */
interface Word {
  readonly text: string;
  readonly keyword: boolean;
  readonly spaced: boolean;
}
/** A token, or brackets with what is in them. */
type Item = Word | Group;
interface Group {
  readonly open: Word;
  readonly items: readonly Item[];
  readonly close: Word | undefined;
  /** The brackets hold a statement of their own. */
  readonly query: boolean;
}

/**
 * A statement as a person reads it: a line for each clause, long ones wrapped at `width`, subqueries indented. Only the blanks between tokens
 * change. A text with comments, or one that does not parse, stays as it is.
 */
export function layoutSql(sql: string, width = 80): string {
  const words = wordsOf(sql);
  if (!words || words.length === 0) return sql;
  return clauseLines(grouped(words), 0, width).join("\n");
}

function wordsOf(sql: string): Word[] | undefined {
  try {
    const at = byteOffsets(sql);
    let last = 0;
    return scanTokens(sql).map((token) => {
      if (token.tokenName === "SQL_COMMENT" || token.tokenName === "C_COMMENT") throw new SyntaxProblem("a comment", undefined);
      const [start, end] = [at(token.start), at(token.end)];
      const spaced = start > last;
      last = end;
      return { text: sql.slice(start, end), keyword: token.keywordName !== "NO_KEYWORD", spaced };
    });
  } catch (error) {
    if (error instanceof SyntaxProblem) return undefined;
    throw error;
  }
}

function grouped(words: readonly Word[]): Item[] {
  let at = 0;
  const inside = (): Item[] => {
    const items: Item[] = [];
    for (; at < words.length && words[at]!.text !== ")"; at++) {
      const word = words[at]!;
      if (word.text !== "(") items.push(word);
      else {
        at++;
        const inner = inside();
        const close = words[at] && { ...words[at]!, spaced: false };
        items.push({ open: word, items: withoutFirstBlank(inner), close, query: beginsQuery(inner) });
      }
    }
    return items;
  };
  const items = inside();
  // A bracket too many: what follows is kept as it is.
  return [...items, ...words.slice(at)];
}

function withoutFirstBlank([first, ...rest]: readonly Item[]): Item[] {
  if (!first) return [];
  return [isWord(first) ? { ...first, spaced: false } : { ...first, open: { ...first.open, spaced: false } }, ...rest];
}

const isWord = (item: Item | undefined): item is Word => item !== undefined && "text" in item;
const upper = (item: Item | undefined): string => (isWord(item) && item.keyword ? item.text.toUpperCase() : "");
const isSpaced = (item: Item): boolean => (isWord(item) ? item.spaced : item.open.spaced);

function beginsQuery(items: readonly Item[]): boolean {
  const [first] = items;
  if (first && !isWord(first)) return first.query;
  return ["SELECT", "WITH", "VALUES", "INSERT", "UPDATE", "DELETE"].includes(upper(first));
}

/** Words that begin a clause; the words before them that belong to it are looked for behind. */
const clauses = new Set(
  [
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "FOR",
    "UNION",
    "INTERSECT",
    "EXCEPT",
  ].concat(["VALUES", "SET", "RETURNING", "JOIN"]),
);
const joinWords = new Set(["LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "OUTER"]);

/** Whether a line begins at an item: a clause, not a word that only looks like one. */
function beginsClause(items: readonly Item[], at: number): boolean {
  const word = upper(items[at]);
  const before = upper(items[at - 1]);
  if (joinWords.has(word)) return isJoin(items, at) && !joinWords.has(before);
  if (word === "ON") return upper(items[at + 1]) === "CONFLICT";
  if (word === "USING") return upper(items[0]) === "DELETE" && isWord(items[at + 1]);
  if (!clauses.has(word) || at === 0) return false;
  switch (word) {
    case "JOIN":
      return !joinWords.has(before);
    case "FROM":
      return before !== "DISTINCT" && before !== "DELETE";
    case "SET":
      return before === "UPDATE" || upper(items[0]) === "UPDATE";
    case "SELECT":
      return ["UNION", "INTERSECT", "EXCEPT", "ALL"].includes(before) || !isWord(items[at - 1]);
    default:
      return true;
  }
}

function isJoin(items: readonly Item[], at: number): boolean {
  let end = at;
  while (joinWords.has(upper(items[end]))) end++;
  return upper(items[end]) === "JOIN";
}

/** The lines of one statement, each clause on its own, indented. */
function clauseLines(items: readonly Item[], indent: number, width: number): string[] {
  const lines: string[] = [];
  for (let start = 0; start < items.length;) {
    let end = start + 1;
    while (end < items.length && !beginsClause(items, end)) end++;
    lines.push(...wrapped(items.slice(start, end), indent, width));
    start = end;
  }
  return lines;
}

/** One clause: on one line where it fits, else broken after commas and before AND and OR. */
function wrapped(items: readonly Item[], indent: number, width: number): string[] {
  const whole = flat(items);
  if (indent + whole.length <= width) return [" ".repeat(indent) + whole];
  const out = new Lines(indent, width);
  const between = betweens(items);
  for (const [at, item] of items.entries()) {
    const word = upper(item);
    if ((word === "AND" || word === "OR") && !between.has(at)) out.breakLine();
    else if (at > 0 && isWord(items[at - 1]) && (items[at - 1] as Word).text === ",") out.mayBreak(flat(chunkAt(items, at)).length);
    if (isWord(item) || out.fits(flat([item]).length)) out.add(flat([item]), isSpaced(item));
    else if (item.query) out.block(item, clauseLines(item.items, out.inner, width));
    else out.block(item, wrapped(item.items, out.inner, width));
  }
  return out.lines;
}

/** The `AND`s that belong to a `BETWEEN`. */
function betweens(items: readonly Item[]): ReadonlySet<number> {
  const found = new Set<number>();
  let open = 0;
  for (const [at, item] of items.entries()) {
    if (upper(item) === "BETWEEN") open++;
    else if (upper(item) === "AND" && open > 0) {
      open--;
      found.add(at);
    }
  }
  return found;
}

/** From here to the next comma: what should not be torn apart. */
function chunkAt(items: readonly Item[], start: number): Item[] {
  let end = start;
  while (end < items.length && !(isWord(items[end]) && (items[end] as Word).text === ",")) end++;
  return items.slice(start, end + 1);
}

/** Lines under construction; all but the first are indented once more. */
class Lines {
  readonly lines: string[];

  constructor(
    private readonly indent: number,
    private readonly width: number,
  ) {
    this.lines = [" ".repeat(indent)];
  }

  /** Indentation of what stands in brackets that were opened on this line. */
  get inner(): number {
    return this.lineIndent + 2;
  }

  fits(length: number): boolean {
    return this.last.length + 1 + length <= this.width;
  }

  add(text: string, spaced: boolean): void {
    this.last += (spaced && this.last.trim() !== "" ? " " : "") + text;
  }

  breakLine(): void {
    if (this.last.trim() !== "") this.lines.push(" ".repeat(this.indent + 2));
  }

  mayBreak(next: number): void {
    if (!this.fits(next)) this.breakLine();
  }

  block({ open, close }: Group, inside: readonly string[]): void {
    const indent = this.lineIndent;
    this.add("(", open.spaced);
    this.lines.push(...inside);
    if (close) this.lines.push(" ".repeat(indent) + ")");
  }

  private get lineIndent(): number {
    const text = this.last;
    return text.trim() === "" ? text.length : text.length - text.trimStart().length;
  }

  private get last(): string {
    return this.lines.at(-1)!;
  }

  private set last(line: string) {
    this.lines[this.lines.length - 1] = line;
  }
}

function flat(items: readonly Item[]): string {
  let text = "";
  for (const item of items) {
    const here = isWord(item) ? item.text : `(${flat(item.items)}${item.close ? ")" : ""}`;
    text += (isSpaced(item) && text !== "" ? " " : "") + here;
  }
  return text;
}
