import { isObject, type Json, type JsonObject } from "../../json.js";
import { addKey, newKeys, type Keys } from "../document.js";

export interface LooseFault {
  readonly offset: number;
  readonly what: string;
}

/** From the first character of an object to its last; `own` is the end of what it says before its “Plans”. */
export interface Extent {
  readonly start: number;
  end: number;
  own: number;
}

export interface LooseReading {
  readonly value: Json;
  /** Behind the last character that was read. */
  readonly end: number;
  readonly faults: readonly LooseFault[];
  readonly extents: ReadonlyMap<JsonObject, Extent>;
}

type Container =
  | { readonly kind: "object"; readonly keys: Keys; readonly extent: Extent; key: string | undefined }
  | { readonly kind: "list"; readonly items: Json[] };

/**
 * Reads JSON that JSON.parse refuses, as far as it goes: cut off, without a comma, with keys twice (both are kept), as Python prints it. Never
 * throws, has no recursion, and looks at each character once.
 */
export function parseLoosely(text: string, start: number): LooseReading {
  return new LooseParser(text, start).read();
}

class LooseParser {
  private at: number;
  private readonly stack: Container[] = [];
  private readonly faults: LooseFault[] = [];
  private readonly extents = new Map<JsonObject, Extent>();
  private result: Json = null;
  private done = false;
  /** Two values stand side by side. */
  private afterValue = false;

  constructor(
    private readonly text: string,
    start: number,
  ) {
    this.at = start;
  }

  read(): LooseReading {
    // Copied without the bracket before the first key.
    if (this.text[this.at] === '"') this.openObject();
    while (!this.done) this.step();
    for (const container of this.stack) if (container.kind === "object") container.extent.end = this.at;
    return { value: this.result, end: this.at, faults: this.faults, extents: this.extents };
  }

  private step(): void {
    const character = this.text[this.at];
    if (character === undefined) this.stop("it ends before its brackets are closed");
    else if (isBlank(character)) this.at++;
    else if (character === ",") {
      this.at++;
      this.afterValue = false;
    } else if (character === "{" || character === "[" || character === "(") this.open(character);
    else if (character === "}" || character === "]" || character === ")") this.close(character);
    else if (this.expectsKey()) this.readKey(character);
    else if (character === '"' || character === "'") this.add(this.readString(character));
    else this.readWord();
  }

  private get top(): Container | undefined {
    return this.stack.at(-1);
  }

  private expectsKey(): boolean {
    const { top } = this;
    return top?.kind === "object" && top.key === undefined;
  }

  private open(character: string): void {
    if (this.expectsKey()) {
      this.stop(`“${character}” stands where a key should`);
      return;
    }
    this.noteMissingComma();
    if (character === "{") this.openObject();
    else {
      const items = this.openWorkers() ?? [];
      this.put(items);
      this.stack.push({ kind: "list", items });
    }
    this.afterValue = false;
    this.at++;
  }

  private openObject(): void {
    const keys = newKeys();
    const extent = { start: this.at, end: this.at, own: -1 };
    this.extents.set(keys, extent);
    this.put(keys);
    this.stack.push({ kind: "object", keys, extent, key: undefined });
  }

  private close(character: string): void {
    const { top } = this;
    const fits = top && (top.kind === "object") === (character === "}");
    if (!top || !fits) {
      this.stop(`“${character}” closes what is not open`);
      return;
    }
    this.at++;
    if (top.kind === "object") {
      top.extent.end = this.at;
      mergeWorkers(top.keys);
    }
    this.stack.pop();
    this.afterValue = true;
    if (this.stack.length === 0) this.done = true;
  }

  private readKey(character: string): void {
    this.noteMissingComma();
    const before = this.at;
    const quoted = character === '"' || character === "'";
    const key = quoted ? this.readString(character) : this.takeWord();
    while (isBlank(this.text[this.at] ?? "")) this.at++;
    if (this.text[this.at] !== ":") {
      this.at = this.text[this.at] === undefined ? this.at : before;
      this.stop(this.text[this.at] === undefined ? "it ends before its brackets are closed" : "a key with a colon is missing");
      return;
    }
    this.at++;
    this.afterValue = false;
    const { top } = this;
    if (top?.kind !== "object") return;
    top.key = key;
    if (key === "Plans" && top.extent.own < 0) top.extent.own = before;
  }

  private readWord(): void {
    const start = this.at;
    const word = this.takeWord();
    if (word === "") {
      this.stop(`“${this.text.slice(start, start + 20)}” is no value`);
      return;
    }
    const { top } = this;
    // 64 bits, which a number does not hold.
    const value = top?.kind === "object" && top.key === "Query Identifier" ? word : valueOfWord(word);
    if (value === undefined) {
      this.at = start;
      this.stop(`“${word.slice(0, 40)}” is no value`);
    } else this.add(value);
  }

  private takeWord(): string {
    const start = this.at;
    while (this.at < this.text.length && !isDelimiter(this.text[this.at] ?? "")) this.at++;
    return this.text.slice(start, this.at);
  }

  private add(value: Json): void {
    this.noteMissingComma();
    this.put(value);
    this.afterValue = true;
    if (this.stack.length === 0) this.done = true;
  }

  private put(value: Json): void {
    const { top } = this;
    if (!top) this.result = value;
    else if (top.kind === "list") top.items.push(value);
    else if (top.key !== undefined) {
      addKey(top.keys, top.key, value);
      top.key = undefined;
    }
  }

  /** PostgreSQL up to 12 writes a node's workers twice, with what they sorted and with their times: both go into one list. */
  private openWorkers(): Json[] | undefined {
    const { top } = this;
    const before = top?.kind === "object" && top.key === "Workers" ? top.keys["Workers"] : undefined;
    return Array.isArray(before) ? (before as Json[]) : undefined;
  }

  private noteMissingComma(): void {
    const { top } = this;
    const misses = this.afterValue && (top?.kind === "list" || (top?.kind === "object" && top.key === undefined));
    if (misses) this.faults.push({ offset: this.at, what: "a comma is missing" });
    this.afterValue = false;
  }

  private stop(what: string): void {
    this.faults.push({ offset: this.at, what });
    this.done = true;
  }

  /** Line breaks inside come from a terminal or a mail that broke the line. */
  private readString(quote: string): string {
    const parts: string[] = [];
    let start = ++this.at;
    for (;;) {
      const character = this.text[this.at];
      if (character === undefined || character === quote) break;
      if (character === "\\") {
        parts.push(this.text.slice(start, this.at), this.readEscape());
        start = this.at;
      } else if (character === "\n" || character === "\r") {
        parts.push(this.text.slice(start, this.at));
        while (isBlank(this.text[this.at] ?? "")) this.at++;
        start = this.at;
      } else this.at++;
    }
    parts.push(this.text.slice(start, this.at));
    if (this.text[this.at] === quote) this.at++;
    return parts.join("");
  }

  private readEscape(): string {
    const character = this.text[this.at + 1] ?? "";
    const code =
      character === "u" ? this.text.slice(this.at + 2, this.at + 6) : character === "x" ? this.text.slice(this.at + 2, this.at + 4) : "";
    this.at += 2;
    if (code === "") return escapes[character] ?? character;
    const value = Number.parseInt(code, 16);
    if (Number.isNaN(value)) return character;
    this.at += code.length;
    return String.fromCharCode(value);
  }
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

const isBlank = (character: string): boolean =>
  character === " " || character === "\n" || character === "\t" || character === "\r" || character === "\u00a0";
const isDelimiter = (character: string): boolean => isBlank(character) || ",:{}[]()\"'".includes(character);

const words: ReadonlyMap<string, Json> = new Map<string, Json>([
  ...[["true", true], ["True", true], ["false", false], ["False", false], ["null", null], ["None", null]] as const,
  ...["NaN", "nan", "Infinity", "-Infinity", "inf", "-inf"].map((word): [string, Json] => [word, word]),
]); // prettier-ignore

function valueOfWord(word: string): Json | undefined {
  const known = words.get(word);
  if (known !== undefined) return known;
  const first = word[0] ?? "";
  const number = first === "-" || (first >= "0" && first <= "9") ? Number(word) : NaN;
  if (Number.isNaN(number)) return undefined;
  return Number.isFinite(number) ? number : word;
}

/** One object for each worker, of all that were written for it. */
function mergeWorkers(keys: Keys): void {
  const workers = keys["Workers"];
  if (!Array.isArray(workers) || !(workers as readonly Json[]).every(isObject)) return;
  const known = new Map<Json | undefined, Keys>();
  for (const worker of workers as readonly Keys[]) {
    const same = known.get(worker["Worker Number"]);
    if (same) Object.assign(same, worker);
    else known.set(worker["Worker Number"], worker);
  }
  if (known.size < workers.length) keys["Workers"] = [...known.values()];
}
