import type { SourceLine } from "../lines.js";
import { carriesPlan, type Unwrapping } from "./unwrapping.js";

/** A frame around one column: psql's aligned, bordered, expanded and Unicode forms, Markdown tables, and grids that copy them. */
export const unwrapFrame: Unwrapping = (lines) => {
  const ruled = lines.some(({ text }) => isRule(text) || isRecord(text));
  const titled = lines.some(({ text }) => isHeader(text));
  const boxed = lines.some(({ text }) => isBoxed(text) && carriesPlan(text));
  if (!ruled && !titled && !boxed) return undefined;
  return new Frame(lines).content();
};

const bars = ["|", "│", "║"];
const ruleCharacters = new Set([..."-+|=:─━┌┐└┘├┤┬┴┼│╔╗╚╝╟╢║═╞╡╪╤╧╠╣ "]);

const isBar = (character: string | undefined): boolean => character !== undefined && bars.includes(character);
const isBoxed = (text: string): boolean => isBar(text.trim()[0]) && isBar(text.trim().at(-1)) && text.trim().length > 1;

/** A line that only draws: at least three signs, and nothing else. */
function isRule(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed.length < 3 || trimmed.startsWith("->")) return false;
  return [...trimmed].every((character) => ruleCharacters.has(character));
}

/** `-[ RECORD 1 ]----`, `* Record 1`, in any language. */
function isRecord(text: string): boolean {
  const start = text.trimStart();
  return ["-[ ", "+-[ ", "─[ ", "┌─[ ", "├─[ ", "* Record "].some((mark) => start.startsWith(mark)) && !carriesPlan(text);
}

const withoutBars = (text: string): string => {
  const trimmed = text.trim();
  return isBoxed(text) ? trimmed.slice(1, -1) : text;
};

function isHeader(text: string): boolean {
  const inside = withoutBars(text).trim();
  const name = (isBar(inside.at(-1)) ? inside.slice(0, -1).trim() : inside).replaceAll('"', "").toUpperCase();
  return name === "QUERY PLAN" || name === "QUERY_PLAN" || name === "QUERYPLAN" || name === "QUERY PLAN;";
}

/** `(5 rows)`, `(5 Zeilen)`, `(5 行)`. */
function isFooter(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith("(") || !trimmed.endsWith(")") || trimmed.length > 40 || trimmed.includes("=")) return false;
  return [...trimmed].some((character) => character >= "0" && character <= "9") && !trimmed.slice(1, -1).includes("(");
}

class Frame {
  /** Width of the column as the rule below its name has it; a mark for “goes on” stands in its last place. */
  private width = 0;
  private expanded = false;
  /** A bar stands behind each row, and none before it (DBeaver). */
  private closed = false;
  private readonly result: SourceLine[] = [];
  private cell: { lines: SourceLine[]; joined: string } | undefined;
  private joins = false;
  private wraps = false;

  constructor(private readonly lines: readonly SourceLine[]) {}

  content(): readonly SourceLine[] {
    for (const line of this.lines) this.take(line);
    this.flush();
    return this.result;
  }

  private take(line: SourceLine): void {
    const { text } = line;
    if (isRecord(text)) {
      this.expanded = true;
      this.joins = false;
    } else if (isRule(text)) {
      this.width = text.trimEnd().length;
    } else if (isHeader(text) || isFooter(text)) {
      this.flush();
      this.closed ||= isHeader(text) && isBar(text.trimEnd().at(-1)) && !isBoxed(text);
      this.result.push({ ...line, text: "" });
    } else this.takeRow(line);
  }

  private takeRow(line: SourceLine): void {
    const trimmed = line.text.trimEnd();
    const row = this.closed && isBar(trimmed.at(-1)) ? trimmed.slice(0, -1) : line.text;
    const opened = this.expanded ? valueOf(row) : row;
    if (opened === undefined) {
      this.push({ ...line, text: "" }, false);
      return;
    }
    const boxed = isBoxed(opened) || (isBar(opened.trim()[0]) && "+.↵…".includes(opened.trim().at(-1) ?? " "));
    const inside = boxed ? opened.trim().slice(1, isBoxed(opened) ? -1 : undefined) : opened;
    const end = inside.trimEnd();
    const mark = end.at(-1) ?? "";
    const full = boxed || this.expanded || this.isFull(opened.trimEnd()) || end.at(-2) === " ";
    const joins = (mark === "+" || mark === "↵") && full && (this.width > 0 || this.expanded);
    const wraps = (mark === "." || mark === "…") && this.isFull(opened.trimEnd()) && this.width > 0 && !joins;
    const text = joins || wraps ? end.slice(0, -1) : inside;
    this.push({ ...line, text: joins ? text.trimEnd() : text }, this.joins || this.wraps);
    this.joins = joins;
    this.wraps = wraps;
  }

  /** Long characters take two columns on a terminal, so that a line of them is shorter than the frame. */
  private isFull(text: string): boolean {
    if (text.length === this.width || text.length === this.width + 1) return true;
    return text.length < this.width && [...text].some((character) => character.charCodeAt(0) > 0x2e80);
  }

  /** A row that goes on: text is put together again, structured formats keep their lines. */
  private push(line: SourceLine, goesOn: boolean): void {
    if (!goesOn || !this.cell) {
      this.flush();
      this.cell = { lines: [line], joined: line.text };
      return;
    }
    const { cell } = this;
    if (this.wraps) {
      const start = line.text[0] === "." || line.text[0] === "…" ? 1 : 0;
      const last = cell.lines.at(-1);
      const joined = { text: (last?.text ?? "") + line.text.slice(start), first: last?.first ?? line.first, last: line.last };
      cell.lines.splice(-1, 1, joined);
    } else cell.lines.push(line);
  }

  private flush(): void {
    const { cell } = this;
    this.cell = undefined;
    if (!cell) return;
    const [first] = cell.lines;
    const structured = first !== undefined && /^\s*(?:[[{<]|- |Plan:|Query Text:)/.test(first.text);
    if (cell.lines.length === 1 || structured || !first) this.result.push(...cell.lines);
    else
      this.result.push({
        text: cell.lines.map(({ text }) => text).join("\n"),
        first: first.first,
        last: cell.lines.at(-1)?.last ?? first.last,
      });
  }
}

/** Behind the bar of an expanded row: `QUERY PLAN | Seq Scan …`, and its further lines `           | …`. */
function valueOf(text: string): string | undefined {
  const row = isBar(text[0]) ? text.slice(1) : text;
  const at = bars.map((bar) => row.indexOf(bar)).filter((index) => index >= 0);
  if (at.length === 0) return text.trim() === "" ? undefined : text;
  const bar = Math.min(...at);
  const name = row.slice(0, bar).trim();
  if (name !== "" && !isHeader(name)) return text;
  const value = row.slice(bar + 1).trimEnd();
  const closed = row !== text && isBar(value.at(-1)) ? value.slice(0, -1) : value;
  return closed.startsWith(" ") ? closed.slice(1) : closed;
}
