import { forEachExpr, type CallExpr, type Expr, type FileFacts } from "../../python/index.js";
import { isLoaderOption } from "../evaluate/options.js";

const known = new WeakMap<FileFacts, ReadonlySet<string>>();

/**
 * Attributes that some loader option of the project names: `orders` for those that an option for a whole query begins with, `orders>items`
 * for those that hang on another one.
 */
export function loaderMentions(files: ReadonlyMap<string, FileFacts>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const facts of files.values()) for (const name of mentionsIn(facts)) names.add(name);
  return names;
}

/** Kept with the facts: after an edit of one file the others have not to be walked again. */
function mentionsIn(facts: FileFacts): ReadonlySet<string> {
  const before = known.get(facts);
  if (before) return before;
  const names = new Set<string>();
  const functions = facts.words.some(isLoaderOption) ? facts.functions : [];
  for (const fn of functions) forEachExpr(fn.body, (expr) => expr.kind === "call" && noteOption(expr, names));
  known.set(facts, names);
  return names;
}

const calleeWord = ({ callee }: CallExpr) => (callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "");

/** The option that a call is hung on: `selectinload(A.b)` in `selectinload(A.b).joinedload(B.c)` and `….options(joinedload(B.c))`. */
function optionBefore({ callee }: CallExpr): CallExpr | undefined {
  const of = callee.kind === "attribute" ? callee.of : undefined;
  return of?.kind === "call" && isLoaderOption(calleeWord(of)) ? of : undefined;
}

function noteOption(call: CallExpr, names: Set<string>): void {
  const before = optionBefore(call);
  const above = before ? lastNames(before) : [];
  if (calleeWord(call) === "options") {
    for (const { value } of call.args) if (value.kind === "call") for (const name of lastNames(value)) addAll(names, above, [name]);
  } else if (isLoaderOption(calleeWord(call))) {
    const ways = call.args.map(({ value }) => wayOf(value));
    for (const way of ways) addAll(names, above, way);
    // 1.x: `joinedload(A.b, B.c)` is one way too.
    ways.forEach((way, at) => at > 0 && addAll(names, ways[at - 1]!.slice(-1), way));
  }
}

function addAll(names: Set<string>, above: readonly string[], way: readonly string[]): void {
  way.forEach((name, at) => {
    const before = at > 0 ? [way[at - 1]!] : above;
    for (const one of before) names.add(`${one}>${name}`);
    if (before.length === 0) names.add(name);
  });
}

const lastNames = (call: CallExpr): string[] => call.args.flatMap(({ value }) => wayOf(value).slice(-1));

/** `A.b` → b; `"b.c"` → b, c; with what hangs on it: `A.b.of_type(B)`. */
function wayOf(value: Expr): string[] {
  const of = value.kind === "call" && value.callee.kind === "attribute" ? value.callee.of : value;
  if (of.kind === "attribute") return [of.name];
  return of.kind === "string" ? of.value.split(".") : [];
}
