/** What one walk over a JSON text finds that JSON.parse does not tell. */
export interface JsonScan {
  /** Lines of the plan nodes, in the order of the text: first and last, two numbers each. */
  readonly lines: readonly number[];
  /** “Query Identifier”, in the order of the text: 64 bits, which a number does not hold. */
  readonly identifiers: readonly string[];
  /** A key stands twice in a node. */
  readonly repeated: boolean;
}

const quote = 34;
const backslash = 92;

/** State of an object or list that is open; reused, because there are as many as the plan has brackets. */
interface Frame {
  /** Its elements are nodes. */
  plans: boolean;
  /** Index of its own lines, or -1 where it is no node. */
  node: number;
  hasPlans: boolean;
  hasWorkers: boolean;
}

/**
 * Finds the lines of all nodes in a text that JSON.parse has taken. Strings are jumped over, so that the cost is a fraction of the parse. A
 * node is what stands in a list “Plans” or behind “Plan”.
 */
export function scanJson(text: string): JsonScan {
  const lines: number[] = [];
  const identifiers: string[] = [];
  const frames: Frame[] = [];
  let repeated = false;
  let depth = 0;
  let line = 1;
  let tokenLine = 1;
  /** The key that the next value has, where it is one that counts. */
  let key = "";
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 32 || code === 9) continue;
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) {
      line++;
      continue;
    }
    if (code === quote) {
      const end = stringEnd(text, at);
      const found = isKey(text, end) ? keyOf(text, at, end) : "";
      const frame = frames[depth - 1];
      if (found === "Plans" && frame && frame.node >= 0) {
        repeated ||= frame.hasPlans;
        frame.hasPlans = true;
        lines[frame.node + 1] = tokenLine;
      } else if (found === "Workers" && frame) {
        repeated ||= frame.hasWorkers;
        frame.hasWorkers = true;
      } else if (found === "Query Identifier") identifiers.push(numberAfter(text, end + 1));
      key = found;
      at = end;
    } else if (code === 123 || code === 91) {
      const node = code === 123 && (key === "Plan" || frames[depth - 1]?.plans === true);
      const frame = (frames[depth] ??= { plans: false, node: -1, hasPlans: false, hasWorkers: false });
      frame.plans = code === 91 && key === "Plans";
      frame.node = node ? lines.length : -1;
      frame.hasPlans = frame.hasWorkers = false;
      if (node) lines.push(line, line);
      depth++;
      key = "";
    } else if (code === 125 || code === 93) {
      depth--;
      const frame = frames[depth];
      if (frame && frame.node >= 0 && !frame.hasPlans) lines[frame.node + 1] = line;
      key = "";
    } else if (code === 44) key = "";
    tokenLine = line;
  }
  return { lines, identifiers, repeated };
}

function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === backslash) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let at = end + 1;
  while (text.charCodeAt(at) === 32) at++;
  return text.charCodeAt(at) === 58;
}

const keys = ["Plan", "Plans", "Workers", "Query Identifier"] as const;

function keyOf(text: string, start: number, end: number): string {
  const length = end - start - 1;
  for (const known of keys) if (known.length === length && text.startsWith(known, start + 1)) return known;
  return "";
}

function numberAfter(text: string, start: number): string {
  let at = start;
  while (text[at] === " " || text[at] === ":") at++;
  let end = at;
  while (end < text.length && "-0123456789".includes(text[end] ?? " ")) end++;
  return text.slice(at, end);
}
