import { SaxesParser } from "saxes";
import { isObject, type Json, type JsonObject } from "../../json.js";
import { addKey, newKeys, type Keys, type Lines, type PlanDocument, type Problem } from "../document.js";
import { findDocuments } from "../json/documents.js";
import type { SourceLine } from "../lines.js";
import { decimal } from "../text/scan.js";
import { nameKeys, textKeys } from "../text/vocabulary.js";

export interface StructuredReading {
  readonly documents: readonly PlanDocument[];
  readonly problems: readonly Problem[];
}

interface Element {
  readonly name: string;
  readonly keys: Keys;
  readonly items: Json[];
  text: string;
  children: number;
  readonly first: number;
  own: number;
}

/** Elements whose children are a list; their own names are the singular, which JSON does not have. */
const lists = new Set(["Plans", "Workers", "Triggers", "Grouping Sets", "Group Keys", "Hash Keys", "Target Tables", "Tasks"]);
/** An empty one of these is an empty list: the whole table as one group. */
const listsOfLists = new Set(["Group Keys", "Hash Keys"]);
/** Names in which a dash of XML was something else than a blank. */
const spelled: ReadonlyMap<string, string> = new Map([
  ["Pre-sorted-Groups", "Pre-sorted Groups"],
  ["Full-sort-Groups", "Full-sort Groups"],
  ["One-Time-Filter", "One-Time Filter"],
  ...["", "Shared-", "Local-", "Temp-"].flatMap((scope): [string, string][] =>
    ["Read", "Write"].map((kind) => [`${scope}I-O-${kind}-Time`, `${scope.replace("-", " ")}I/O ${kind} Time`]),
  ),
]);

/** Reads EXPLAIN (FORMAT XML). No entities but the five of XML itself, no documents from elsewhere; what is cut off is read up to there. */
export function readXml(lines: readonly SourceLine[]): StructuredReading {
  const reader = new XmlReader(lines);
  return reader.read();
}

class XmlReader {
  private readonly parser = new SaxesParser();
  private readonly stack: Element[] = [];
  private readonly places = new Map<JsonObject, Lines>();
  private readonly problems: Problem[] = [];
  private readonly roots: Json[] = [];

  constructor(private readonly lines: readonly SourceLine[]) {}

  read(): StructuredReading {
    const { parser } = this;
    parser.on("opentag", ({ name, isSelfClosing }) => this.open(name, isSelfClosing));
    parser.on("closetag", ({ isSelfClosing }) => isSelfClosing || this.close());
    parser.on("text", (text) => this.addText(text));
    parser.on("cdata", (text) => this.addText(text));
    parser.on("error", (error) => this.fault(error.message));
    parser.write(this.lines.map(({ text }) => text).join("\n"));
    while (this.stack.length > 0) this.close();
    parser.close();
    const range = { first: this.lines[0]?.first ?? 1, last: this.lines.at(-1)?.last ?? 1 };
    const documents = findDocuments(this.roots).documents.map((keys) => ({ keys, places: this.places, lines: range }));
    return { documents, problems: this.problems };
  }

  private open(name: string, isSelfClosing: boolean): void {
    const parent = this.stack.at(-1);
    if (parent) parent.children++;
    if (parent && name === "Plans" && parent.own < 0) parent.own = this.line - 1;
    const first = this.line;
    this.stack.push({
      name: spelled.get(name) ?? name.replaceAll("-", " "),
      keys: newKeys(),
      items: [],
      text: "",
      children: 0,
      first,
      own: -1,
    });
    if (isSelfClosing) this.close();
  }

  private close(): void {
    const element = this.stack.pop();
    if (!element) return;
    const value = this.valueOf(element);
    const parent = this.stack.at(-1);
    if (!parent) this.roots.push(value);
    else {
      parent.items.push(value);
      addKey(parent.keys, element.name, value);
    }
    if (isObject(value) && value["Node Type"] !== undefined) {
      const last = element.own < 0 ? this.line : Math.max(element.first, element.own);
      this.places.set(value, { first: element.first, last });
    }
  }

  private valueOf(element: Element): Json {
    const { name, text, items, keys, children } = element;
    if (lists.has(name)) return items;
    if (children === 0 && listsOfLists.has(this.stack.at(-1)?.name ?? "")) return items;
    if (children === 0) return scalar(name, text, this.stack.at(-1)?.name);
    const names = Object.keys(keys);
    return names.length === 1 && names[0] === "Item" ? items : keys;
  }

  private addText(text: string): void {
    const top = this.stack.at(-1);
    if (top && top.children === 0) top.text += text;
  }

  private get line(): number {
    return this.lines[Math.min(this.parser.line, this.lines.length) - 1]?.first ?? 1;
  }

  private fault(message: string): void {
    if (this.problems.length >= 20) return;
    const what = message.replace(/^\d+:\d+: /, "").replace(/\.$/, "");
    this.problems.push({
      message: `This XML is not whole: ${what}. What could be read is shown and may lack parts. Copy the whole output again, from <explain> to </explain>.`,
      line: this.line,
      column: this.parser.column + 1,
    });
  }
}

function scalar(name: string, text: string, parent: string | undefined): Json {
  if (parent === "Settings" || name === "Item" || textKeys.has(name) || nameKeys.has(name)) return text;
  if (text === "true" || text === "false") return text === "true";
  return decimal(text) ?? text;
}
