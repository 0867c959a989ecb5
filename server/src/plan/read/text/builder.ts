import type { Json } from "../../json.js";
import { addKey, newKeys, type Keys, type PlanDocument, type Problem } from "../document.js";
import { complete } from "./complete.js";
import { readBufferLine, readTimingLine } from "./counters.js";
import { figuresAt, readFigures, readWorkerFigures } from "./figures.js";
import type { LogicalLine } from "./lines.js";
import { addProperty, readJitList, readSerialization, readSettings, readTrigger, splitProperty, valueOf } from "./property.js";
import type { Property } from "./property.js";
import { leadingNumber } from "./scan.js";
import { readRelation, readTitle, wordsOf } from "./title.js";
import { Tree, type OpenNode } from "./tree.js";
import { statementKeys } from "./vocabulary.js";

/** A group of lines below a line: a worker's, “Planning:”, “JIT:”. */
interface Block {
  readonly keys: Keys;
  readonly column: number;
  readonly kind: "worker" | "statement" | "other";
}

/** Puts one plan together from its lines, in their order. */
export class PlanBuilder {
  /** Node lines of this plan end in figures: one without is cut off. */
  hasFigures = false;
  /** Its first node has an arrow: something stood above it. */
  readonly isFragment: boolean;
  private readonly document = newKeys();
  private readonly tree: Tree;
  private readonly triggers: Json[] = [];
  private decimals = false;
  private blocks: Block[] = [];
  private last: number;

  constructor(
    line: LogicalLine,
    query: readonly Property[],
    private readonly problems: Problem[],
    private readonly first = line.first,
  ) {
    this.isFragment = line.kind === "arrow";
    for (const { key, value } of query) this.document[key] = value;
    this.tree = new Tree(this.readNode(line), line.column, { first: line.first, last: line.last });
    this.last = line.last;
  }

  get column(): number {
    return this.tree.column;
  }

  /** The last line of EXPLAIN ANALYZE has been read. */
  get isComplete(): boolean {
    return this.document["Execution Time"] !== undefined;
  }

  isStatementLine(line: { readonly column: number }): boolean {
    return line.column <= this.column + 1;
  }

  add(line: LogicalLine): void {
    this.last = line.last;
    const text = line.text;
    switch (line.kind) {
      case "arrow":
      case "figures":
      case "title":
        this.blocks = [];
        this.tree.add(this.readNode(line), line.column, { first: line.first, last: line.last });
        return;
      case "label":
        this.blocks = [];
        this.tree.addLabel(text, line.column);
        return;
      case "target":
        this.addTarget(text, line);
        return;
      case "worker":
        this.addWorker(text, line);
        return;
      case "trigger":
        this.addTrigger(text, line);
        return;
      default:
        this.addKeyed(text, line);
    }
  }

  private readNode(line: LogicalLine): Keys {
    const { title, figures } = readNodeText(line);
    this.hasFigures ||= figures !== undefined;
    this.decimals ||= figures?.decimals ?? false;
    const keys = readTitle(title);
    if (figures) Object.assign(keys, figures.keys);
    const fault = figures?.fault ?? (figures && figures.rest !== "" ? `“${clip(figures.rest)}” stands behind its figures` : undefined);
    if (fault !== undefined) {
      this.problems.push({
        message: `This node's line is not whole: ${fault}. Its figures are unknown where they cannot be read. Copy the plan again, from the first line to the last.`,
        line: line.first,
        column: line.column + 1,
      });
    }
    return keys;
  }

  private addTarget(text: string, line: LogicalLine): void {
    const node = this.claim(line);
    const words = wordsOf(text);
    const foreign = words[0] === "Foreign";
    const relation = readRelation(words.slice(foreign ? 3 : 2), "ModifyTable");
    const targets = node.keys["Target Tables"];
    node.keys["Target Tables"] = [...(Array.isArray(targets) ? (targets as readonly Json[]) : []), relation];
  }

  /** `Worker 0:  actual time=… rows=… loops=…`, or with any other line of the worker's behind the colon. */
  private addWorker(text: string, line: LogicalLine): void {
    const node = this.claim(line);
    const colon = text.indexOf(":");
    const number = leadingNumber(text.slice("Worker ".length, colon)) ?? 0;
    const worker = workerOf(node.keys, number);
    this.blocks = [{ keys: worker, column: line.column, kind: "worker" }];
    const rest = text.slice(colon + 1).trim();
    const property = splitProperty(rest);
    if (rest.startsWith("actual ")) Object.assign(worker, readWorkerFigures(rest));
    else if (property) addProperty(worker, property, String(node.keys["Node Type"]));
    else if (rest !== "") addKey(worker, "Text", rest);
  }

  private addTrigger(text: string, line: LogicalLine): void {
    const trigger = readTrigger(text);
    if (trigger) this.triggers.push(trigger);
    else this.addKeyed(text, line);
  }

  private addKeyed(text: string, line: LogicalLine): void {
    const property = splitProperty(text);
    if (!property) {
      this.problems.push({
        message: `“${clip(text)}” is no line that EXPLAIN writes; it was left out. Remove it, or copy the plan again if a part is missing.`,
        line: line.first,
        column: line.column + 1,
      });
      return;
    }
    const block = this.blockAt(line.column, property.key);
    if (block) this.addToBlock(block, property, line.column);
    else if (this.isStatementLine(line) && (line.column <= this.column || statementKeys.has(property.key)))
      this.addStatement(property, line);
    else {
      const node = this.claim(line);
      if (property.value === "") this.openBlock(node.keys, property.key, line.column, "other");
      else addProperty(node.keys, property, String(node.keys["Node Type"]));
    }
  }

  /** The node that a line belongs to; its stretch of lines ends where its first child begins. */
  private claim(line: LogicalLine): OpenNode {
    const node = this.tree.ownerAt(line.column);
    if (node === this.tree.last) node.last = line.last;
    return node;
  }

  private addStatement({ key, value }: Property, line: LogicalLine): void {
    const name = key.replace(" time", " Time");
    if (name === "Planning Time" || name === "Execution Time" || key === "Total runtime") {
      const time = leadingNumber(value);
      if (time !== undefined) this.document[key === "Total runtime" ? "Execution Time" : name] = time;
    } else if (key === "Settings") this.document[key] = readSettings(value);
    else if (key === "Serialization") {
      Object.assign(this.openBlock(this.document, key, line.column, "statement").keys, readSerialization(value));
    } else if (value === "") this.openBlock(this.document, key, line.column, "statement");
    else addKey(this.document, key, valueOf(key, value));
  }

  private openBlock(owner: Keys, key: string, column: number, kind: Block["kind"]): Block {
    const keys = newKeys();
    addKey(owner, key, keys);
    const block: Block = { keys, column, kind };
    this.blocks = [...this.blocks.filter((open) => open.column < column), block];
    return block;
  }

  private blockAt(column: number, key: string): Block | undefined {
    for (let block = this.blocks.at(-1); block; block = this.blocks.at(-1)) {
      const level = block.kind === "statement" && blockKeys.has(key) && column >= block.column;
      if (column > block.column || level) return block;
      this.blocks.pop();
    }
    return undefined;
  }

  private addToBlock(block: Block, property: Property, column: number): void {
    const { key, value } = property;
    if (value === "") this.openBlock(block.keys, key, column, "other");
    else if (key === "Options" || key === "Timing") block.keys[key] = readJitList(value);
    else if (key === "Buffers") Object.assign(block.keys, readBufferLine(value) ?? { [key]: value });
    else if (key === "I/O Timings") Object.assign(block.keys, readTimingLine(value) ?? { [key]: value });
    else addProperty(block.keys, property, String(this.tree.last.keys["Node Type"]));
  }

  finish(): PlanDocument {
    const { keys, places } = this.tree.close();
    complete(
      this.tree.nodes.map((node) => node.keys),
      this.document,
      this.decimals,
    );
    const { "Query Text": query, ...rest } = this.document;
    const document = Object.assign(newKeys(), query === undefined ? {} : { "Query Text": query }, { Plan: keys }, rest);
    if (this.triggers.length > 0) document["Triggers"] = this.triggers;
    return { keys: document, places, lines: { first: this.first, last: this.last } };
  }
}

/** Lines that stand only below “Planning:”, “JIT:” or “Serialization:” where the plan has ended; some tools lose their indentation. */
const blockKeys = new Set(["Buffers", "I/O Timings", "Memory", "Functions", "Options", "Timing"]);

function workerOf(keys: Keys, number: number): Keys {
  const workers = (keys["Workers"] ??= []) as Keys[];
  const known = workers.find((worker) => worker["Worker Number"] === number);
  if (known) return known;
  const worker = newKeys();
  worker["Worker Number"] = number;
  workers.push(worker);
  return worker;
}

/** A line that was broken is put together in the way that gives whole figures. */
function readNodeText(line: LogicalLine): { readonly title: string; readonly figures?: ReturnType<typeof readFigures> } {
  let best: { title: string; figures?: ReturnType<typeof readFigures> } | undefined;
  for (const text of line.readings()) {
    const node = text.startsWith("->") ? text.slice(2).trim() : text;
    const at = figuresAt(node);
    const reading = at < 0 ? { title: node } : { title: node.slice(0, at).trim(), figures: readFigures(node.slice(at)) };
    if (reading.figures && reading.figures.fault === undefined && reading.figures.rest === "") return reading;
    best ??= reading;
  }
  return best ?? { title: line.text };
}

export const clip = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
