import { columnOf, type SourceLine } from "../lines.js";
import { figuresAt } from "./figures.js";
import { follow, isDigit, isOpen, type Openness } from "./scan.js";
import { isKnownTitle } from "./title.js";
import { splitProperty } from "./property.js";
import { knownKeys } from "./vocabulary.js";

/** What a line looks like by itself. */
export type LineKind = "blank" | "arrow" | "figures" | "title" | "label" | "target" | "worker" | "known" | "trigger" | "property" | "other";

const targets = ["Insert on ", "Update on ", "Delete on ", "Merge on "].flatMap((start) => [start, `Foreign ${start}`]);
const triggerMarks = [": time=", ": calls=", " for constraint "];
const labels = ["CTE ", "InitPlan ", "SubPlan "];

export function kindOf(trimmed: string): LineKind {
  if (trimmed === "") return "blank";
  if (trimmed.startsWith("->")) return "arrow";
  const property = splitProperty(trimmed);
  if (property && knownKeys.has(property.key)) return "known";
  if (trimmed.startsWith("Worker ") && isDigit(trimmed[7] ?? "") && trimmed.includes(":")) return "worker";
  if (trimmed.startsWith("Trigger ") && triggerMarks.some((mark) => trimmed.includes(mark))) return "trigger";
  if (!trimmed.startsWith("(") && figuresAt(trimmed) > 0) return "figures";
  if (targets.some((target) => trimmed.startsWith(target)) && isKnownTitle(trimmed)) return "target";
  if (!property && labels.some((label) => trimmed.startsWith(label)) && !isKnownTitle(trimmed)) return "label";
  if (property && isName(property.key)) return "property";
  return isKnownTitle(trimmed) ? "title" : "other";
}

/** A key that nobody knows is told from prose and SQL by its form: it begins with a capital and is short. */
function isName(key: string): boolean {
  const first = key[0] ?? "";
  if (key.length > 60 || first < "A" || first > "Z") return false;
  return ![..."'\"()=<>,;$"].some((character) => key.includes(character));
}

/** A line of the plan, put together from the lines that it was broken into. */
export class LogicalLine {
  readonly column: number;
  readonly first: number;
  /** Grows with what is appended. */
  last: number;
  private readonly pieces: string[];
  private readonly openness: Openness = { depth: 0, quote: undefined };

  constructor(
    readonly kind: LineKind,
    line: SourceLine,
  ) {
    this.column = columnOf(line.text);
    this.first = line.first;
    this.last = line.last;
    this.pieces = [line.text];
    follow(this.openness, line.text);
  }

  get text(): string {
    return this.pieces.join("").trim();
  }

  /** The text as it was put together, and, where it was broken, with and without a blank at each break. */
  *readings(): Generator<string> {
    yield this.text;
    if (this.pieces.length === 1) return;
    const pieces = this.pieces.filter((_, index) => index % 2 === 0);
    yield pieces.join("").trim();
    yield pieces.map((piece) => piece.trim()).join(" ");
    yield pieces.map((piece) => piece.trim()).join("");
  }

  /** The first piece, without its indentation. */
  get head(): string {
    return this.pieces[0]?.trimStart() ?? "";
  }

  get isOpen(): boolean {
    return isOpen(this.openness);
  }

  /** The last piece, for what only the end can tell. */
  get end(): string {
    return this.pieces.at(-1) ?? "";
  }

  append(line: SourceLine, between: string): void {
    this.pieces.push(between, line.text);
    this.last = line.last;
    follow(this.openness, line.text);
  }
}
