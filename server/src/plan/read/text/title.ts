import { newKeys, type Keys } from "../document.js";

/**
 * Reads a node's line without its figures: `Parallel Index Only Scan Backward using big_g_idx on public.big b`. What is no known form becomes
 * the type as it stands.
 */
export function readTitle(title: string): Keys {
  const keys = newKeys();
  const words = wordsOf(title);
  keys["Node Type"] = "";
  keys["Parallel Aware"] = false;
  for (;;) {
    if (words[0] === "Parallel") keys["Parallel Aware"] = true;
    else if (words[0] === "Async") keys["Async Capable"] = true;
    else break;
    words.shift();
  }
  const end = words.findIndex((word) => word === "on" || word === "using" || word === "Backward");
  const name = end < 0 ? words.splice(0) : words.splice(0, end);
  readName(name, keys);
  readDirection(words, keys);
  readTarget(words, keys);
  return keys;
}

/** Is this a title that PostgreSQL writes? For lines without figures, which prose could be mistaken for. */
export function isKnownTitle(title: string): boolean {
  const keys = readTitle(title);
  const type = String(keys["Node Type"]);
  if (!knownTypes.has(type)) return false;
  const scan = type.endsWith("Scan") && type !== "Foreign Scan" && type !== "Custom Scan";
  return scan === / on \S/.test(title) || type === "ModifyTable" || type === "Foreign Scan" || type === "Custom Scan";
}

// prettier-ignore
const plainTypes = [
  "Result", "ProjectSet", "Append", "Merge Append", "Recursive Union", "BitmapAnd", "BitmapOr", "Gather", "Gather Merge", "Materialize",
  "Memoize", "Sort", "Incremental Sort", "Group", "Unique", "WindowAgg", "LockRows", "Limit", "Hash", "Result Cache",
] as const;
// prettier-ignore
const scanTypes = [
  "Seq Scan", "Sample Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan", "Bitmap Heap Scan", "Tid Scan", "Tid Range Scan",
  "Subquery Scan", "Function Scan", "Table Function Scan", "Values Scan", "CTE Scan", "Named Tuplestore Scan", "WorkTable Scan",
  "Foreign Scan", "Custom Scan",
] as const;
const knownTypes = new Set<string>([
  ...plainTypes,
  ...scanTypes,
  "Aggregate",
  "Hash Join",
  "Merge Join",
  "Nested Loop",
  "SetOp",
  "ModifyTable",
]);

const aggregates: Readonly<Record<string, string>> = {
  Aggregate: "Plain",
  GroupAggregate: "Sorted",
  HashAggregate: "Hashed",
  MixedAggregate: "Mixed",
};
const operations = new Set(["Insert", "Update", "Delete", "Merge"]);
const joinTypes = new Set(["Inner", "Left", "Right", "Full", "Semi", "Anti", "Right Semi", "Right Anti"]);

function readName(words: readonly string[], keys: Keys): void {
  const name = words.join(" ");
  const first = words[0] ?? "";
  const last = words.at(-1) ?? "";
  const strategy = Object.hasOwn(aggregates, last) ? aggregates[last] : undefined;
  const provider = name.startsWith("Custom Scan (") && name.endsWith(")") ? name.slice("Custom Scan (".length, -1) : undefined;
  if (strategy !== undefined && words.length <= 2) {
    Object.assign(keys, { "Node Type": "Aggregate", Strategy: strategy, "Partial Mode": words.length === 2 ? first : "Simple" });
  } else if (readJoin(words, keys)) {
    // Read.
  } else if (first === "SetOp" || first === "HashSetOp") {
    Object.assign(keys, { "Node Type": "SetOp", Strategy: first === "SetOp" ? "Sorted" : "Hashed", Command: words.slice(1).join(" ") });
  } else if (operations.has(name)) {
    Object.assign(keys, { "Node Type": "ModifyTable", Operation: name });
  } else if (first === "Foreign" && words.length === 2 && (last === "Scan" || operations.has(last))) {
    Object.assign(keys, { "Node Type": "Foreign Scan", Operation: last === "Scan" ? "Select" : last });
  } else if (provider !== undefined) {
    Object.assign(keys, { "Node Type": "Custom Scan", "Custom Plan Provider": provider });
  } else {
    keys["Node Type"] = name;
  }
}

function readJoin(words: readonly string[], keys: Keys): boolean {
  const [first, second] = words;
  const loop = first === "Nested" && second === "Loop";
  if (!loop && first !== "Hash" && first !== "Merge") return false;
  const joins = words.at(-1) === "Join";
  const type = words.slice(loop ? 2 : 1, joins ? -1 : undefined).join(" ");
  if (loop ? joins === (type === "") : !joins) return false;
  if (type !== "" && !joinTypes.has(type)) return false;
  Object.assign(keys, { "Node Type": loop ? "Nested Loop" : `${first} Join`, "Join Type": type === "" ? "Inner" : type });
  return true;
}

function readDirection(words: string[], keys: Keys): void {
  const type = keys["Node Type"];
  const backward = words[0] === "Backward";
  if (backward) words.shift();
  if (backward || type === "Index Scan" || type === "Index Only Scan") keys["Scan Direction"] = backward ? "Backward" : "Forward";
  if (words[0] !== "using") return;
  words.shift();
  keys["Index Name"] = unquote(words.shift() ?? "");
}

/** Which key names what stands behind “on”. A scan without an entry has only an alias. */
const targetKeys: Readonly<Record<string, string | undefined>> = {
  "Bitmap Index Scan": "Index Name",
  "Subquery Scan": undefined,
  "Values Scan": undefined,
  "Function Scan": "Function Name",
  "Table Function Scan": "Table Function Name",
  "CTE Scan": "CTE Name",
  "WorkTable Scan": "CTE Name",
  "Named Tuplestore Scan": "Tuplestore Name",
};

function readTarget(words: string[], keys: Keys): void {
  if (words[0] === "on") {
    words.shift();
    Object.assign(keys, readRelation(words, String(keys["Node Type"])));
  }
  if (words.length > 0) keys["Node Type"] = `${String(keys["Node Type"])} ${words.join(" ")}`.trim();
}

/** Takes `schema.relation alias` off the words. */
export function readRelation(words: string[], type: string): Keys {
  const keys = newKeys();
  const parts = partsOf(words.shift() ?? "").map(unquote);
  const name = parts.pop() ?? "";
  const key = Object.hasOwn(targetKeys, type) ? targetKeys[type] : "Relation Name";
  if (key !== undefined) keys[key] = name;
  if (parts.length > 0) keys["Schema"] = parts.join(".");
  if (type !== "Bitmap Index Scan") keys["Alias"] = unquote(words.shift() ?? `"${name.replaceAll('"', '""')}"`);
  return keys;
}

/** Words at blanks outside double quotes and parentheses. */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  let depth = 0;
  let quoted = false;
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at] ?? " ";
    const blank = (character === " " || character === "\t" || character === "\n") && ((!quoted && depth === 0) || at === text.length);
    if (blank && start >= 0) {
      words.push(text.slice(start, at));
      start = -1;
    }
    if (blank) continue;
    if (start < 0) start = at;
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === "(") depth++;
    else if (!quoted && character === ")" && depth > 0) depth--;
  }
  if (start >= 0) words.push(text.slice(start));
  return words;
}

function partsOf(name: string): string[] {
  const parts: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at < name.length; at++) {
    if (name[at] === '"') quoted = !quoted;
    else if (name[at] === "." && !quoted) {
      parts.push(name.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, name.slice(start)];
}

function unquote(name: string): string {
  return name.length >= 2 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
}
