import { columnOf, type SourceLine } from "../lines.js";
import type { PlanDocument, Problem } from "../document.js";
import { PlanBuilder, clip } from "./builder.js";
import { figuresAt, readFigures } from "./figures.js";
import { kindOf, LogicalLine, type LineKind } from "./lines.js";
import { splitProperty, type Property } from "./property.js";
import { statementKeys } from "./vocabulary.js";

export interface TextReading {
  readonly documents: readonly PlanDocument[];
  readonly problems: readonly Problem[];
}

/** Reads every plan of EXPLAIN's text format among the lines; what is no plan is passed over. Linear in the text. */
export function readText(lines: readonly SourceLine[]): TextReading {
  const reader = new TextReader(marginOf(lines));
  for (const line of lines) reader.take(line);
  return reader.end();
}

/** Where lines were broken, if they were. */
interface Margin {
  /** Length of the longest line. */
  readonly length: number;
  /** Lines were cut there, wherever a word stood; not broken at a blank before it. */
  readonly cuts: boolean;
}

/** Cut lines are all as long as the margin is wide; those that were broken at blanks are a little shorter. */
function marginOf(lines: readonly SourceLine[]): Margin {
  const length = lines.reduce((longest, { text }) => Math.max(longest, text.length), 0);
  let full = 0;
  let nearly = 0;
  lines.forEach(({ text }, index) => {
    if (text.length <= length - 16) return;
    const next = lines[index + 1]?.text.trim() ?? "";
    const kind = kindOf(next);
    if (kind !== "other" && kind !== "property") return;
    if (text.length === length) full++;
    else nearly++;
  });
  return { length, cuts: full >= nearly };
}

/** Lines that begin something, whatever went before. */
const starts: ReadonlySet<LineKind> = new Set<LineKind>(["arrow", "known", "worker", "trigger", "target", "label"]);

class TextReader {
  private readonly documents: PlanDocument[] = [];
  private readonly problems: Problem[] = [];
  private builder: PlanBuilder | undefined;
  private pending: LogicalLine | undefined;
  private query: Property[] = [];
  private queryLine: number | undefined;
  private blankBefore = false;
  private alone = true;
  /** What follows is the rest of a plan without indentation. */
  private flat = false;

  constructor(private readonly margin: Margin) {}

  take(line: SourceLine): void {
    const trimmed = line.text.trim();
    const kind = kindOf(trimmed);
    if (this.pending && this.continues(this.pending, kind, trimmed, columnOf(line.text))) {
      this.append(this.pending, line);
      return;
    }
    this.flush(kind, columnOf(line.text));
    if (kind === "blank") this.blankBefore = true;
    else this.begin(new LogicalLine(kind, line), trimmed);
  }

  end(): TextReading {
    this.flush("blank", 0, true);
    this.finishPlan();
    return { documents: this.documents, problems: this.problems };
  }

  private begin(line: LogicalLine, trimmed: string): void {
    const blankBefore = this.blankBefore;
    this.blankBefore = false;
    const inTree = line.kind === "arrow" || (line.kind === "label" && !blankBefore);
    if (this.builder && inTree && this.isFlat(this.builder, line)) return;
    if (this.builder && this.endsPlan(line, blankBefore)) this.finishPlan();
    const isRoot = line.kind === "figures" && isWholeRoot(trimmed);
    const inside = this.builder !== undefined;
    const query = splitProperty(trimmed)?.key;
    if (inside || isRoot || line.kind === "title" || line.kind === "target" || line.kind === "arrow") this.pending = line;
    else if (query === "Query Text" || query === "Query Parameters") this.pending = line;
    else this.alone = false;
  }

  /** All blanks at the beginnings of the lines are gone: nothing tells the tree any more, and the figures mean nothing without it. */
  private isFlat(builder: PlanBuilder, line: LogicalLine): boolean {
    if (builder.isFragment || line.column > builder.column) return false;
    this.problems.push({
      message:
        "The indentation is lost, so that nothing tells which node belongs to which; this plan was left out. Copy it again as it was printed, or use EXPLAIN (FORMAT JSON).",
      line: line.first,
      column: 1,
    });
    this.builder = undefined;
    this.flat = true;
    return true;
  }

  /** A line further left than any of the plan's own is the next plan, or prose. */
  private endsPlan(line: LogicalLine, blankBefore: boolean): boolean {
    if (!this.builder) return false;
    const left = line.column <= this.builder.column + (line.kind === "figures" ? 1 : 0);
    switch (line.kind) {
      case "figures":
      case "title":
      case "target":
        return left;
      case "arrow":
        return this.builder.isFragment ? left : line.column < this.builder.column;
      case "known":
        return splitProperty(line.text)?.key === "Query Text" || this.builder.isComplete;
      case "trigger":
        return false;
      case "property":
        return this.builder.isComplete || (left && blankBefore);
      default:
        return left || this.builder.isComplete;
    }
  }

  private continues(pending: LogicalLine, kind: LineKind, trimmed: string, column: number): boolean {
    if (isQuery(pending)) return kind !== "figures" && !(kind === "known" && trimmed.startsWith("Query Parameters:"));
    if (kind === "known" && this.isCutKey(pending, trimmed, column)) return true;
    if (starts.has(kind) || kind === "blank") return false;
    const isNode = isNodeKind(pending.kind);
    if (isNode && pending.isOpen) return true;
    if (isNode && trimmed.startsWith("(") && figuresAt(trimmed) === 0) return true;
    if (pending.kind === "arrow" && this.builder?.hasFigures && !isFigureless(pending.text) && figuresAt(pending.text) < 0) return true;
    if (kind === "figures" || kind === "title") return false;
    if (isNode) return false;
    if (this.isBroken(pending, trimmed, column)) return true;
    if (kind === "property") return pending.isOpen;
    return pending.isOpen || connects(pending.end, trimmed) || (this.isText(pending) && column > (this.builder?.column ?? 0));
  }

  /** `… Peak` and ` Memory: 34kB`: a key where no line of a node can begin. */
  private isCutKey(pending: LogicalLine, trimmed: string, column: number): boolean {
    if (!this.builder || column > this.builder.column + 1 || isNodeKind(pending.kind)) return false;
    return pending.end.length === this.margin.length && pending.end.length >= 40 && !statementKeys.has(splitProperty(trimmed)?.key ?? "");
  }

  /** The line before was cut at the margin, or was long and this one stands where no line of a plan does. */
  private isBroken(pending: LogicalLine, trimmed: string, column: number): boolean {
    if (!this.builder || isRowCount(trimmed)) return false;
    const { length } = pending.end;
    return (length === this.margin.length && length >= 40) || (column <= this.builder.column && length >= 50);
  }

  private isText(pending: LogicalLine): boolean {
    return pending.kind === "known" || pending.kind === "property";
  }

  /** A line as long as the longest was cut by a terminal, anywhere; a shorter one was broken at a blank. */
  private append(pending: LogicalLine, line: SourceLine): void {
    if (isQuery(pending)) pending.append(line, "\n");
    else if (this.margin.cuts && pending.end.length === this.margin.length) pending.append(line, "");
    else {
      const text = line.text.trim();
      // Figures that share a line are parted by two blanks.
      pending.append({ ...line, text }, beginsKey(text) && !pending.isOpen ? "  " : " ");
    }
  }

  private flush(next: LineKind, column: number, atEnd = false): void {
    const line = this.pending;
    this.pending = undefined;
    if (!line) return;
    if (isQuery(line) && !this.builder) {
      const property = splitProperty(line.text);
      if (property) this.query.push(property);
      this.queryLine ??= line.first;
    } else if (this.flat && line.kind === "arrow") return;
    else if (this.builder) this.builder.add(line);
    else if (line.kind === "figures" || this.isPlainRoot(line, next, column, atEnd)) this.open(line);
    else if (line.kind === "arrow") this.openFragment(line);
    else this.alone = false;
  }

  /** COSTS OFF: a title counts as a root where a plan's line follows, or nothing else was given. */
  private isPlainRoot(line: LogicalLine, next: LineKind, column: number, atEnd: boolean): boolean {
    if (line.kind !== "title" && line.kind !== "target") return false;
    return (atEnd && this.alone) || ((starts.has(next) || next === "property") && (column > line.column || next === "known"));
  }

  private open(line: LogicalLine): void {
    this.flat = false;
    this.builder = new PlanBuilder(line, this.query, this.problems, this.queryLine);
    this.query = [];
    this.queryLine = undefined;
    this.alone = false;
  }

  private openFragment(line: LogicalLine): void {
    this.problems.push({
      message: `The plan begins in the middle: nothing stands above “${clip(line.text)}”. What is above is missing from all sums. Copy from the plan's first line, the one without an arrow.`,
      line: line.first,
      column: line.column + 1,
    });
    this.open(line);
  }

  private finishPlan(): void {
    if (this.builder) this.documents.push(this.builder.finish());
    this.builder = undefined;
  }
}

function isQuery(line: LogicalLine): boolean {
  return line.kind === "known" && (line.head.startsWith("Query Text:") || line.head.startsWith("Query Parameters:"));
}

/** Citus writes nodes without figures between those with. */
const isFigureless = (text: string): boolean => text.startsWith("->  Task") || text.startsWith("->  Distributed Subplan");

/** Prose may quote a node; a root has nothing behind its figures, unless they are cut. */
function isWholeRoot(text: string): boolean {
  const at = figuresAt(text);
  const rest = at > 0 ? readFigures(text.slice(at)).rest : text;
  return rest === "" || "(actual time=".startsWith(rest);
}

function beginsKey(text: string): boolean {
  const first = text[0] ?? "";
  return first >= "A" && first <= "Z" && splitProperty(text) !== undefined;
}

const isNodeKind = (kind: LineKind): boolean => kind === "arrow" || kind === "figures" || kind === "title" || kind === "target";

/** psql's `(5 rows)`, without its frame. */
const isRowCount = (text: string): boolean => text.startsWith("(") && text.endsWith(")") && !text.includes("=") && text.length < 40;

/** A value that ends, or goes on, in the middle of a list or an expression. */
function connects(end: string, next: string): boolean {
  const last = end.trimEnd();
  return /(?:,|\b(?:AND|OR|NOT|IN|IS|LIKE)|[=<>+*/|~-])$/.test(last) || /^(?:,|AND\b|OR\b|::|[=<>|)])/.test(next);
}
