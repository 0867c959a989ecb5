import { forEachExpr, type CallExpr, type FileFacts } from "../../python/index.js";
import { isLoaderOption } from "../evaluate/options.js";

const known = new WeakMap<FileFacts, ReadonlySet<string>>();

/** Names of all attributes that some loader option of the project names. */
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
  for (const fn of functions)
    forEachExpr(fn.body, (expr) => {
      if (expr.kind === "call" && isLoaderOption(calleeWord(expr))) argumentNames(expr, names);
    });
  known.set(facts, names);
  return names;
}

const calleeWord = ({ callee }: CallExpr) => (callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "");

function argumentNames(call: CallExpr, names: Set<string>): void {
  for (const { value } of call.args) {
    const of = value.kind === "call" && value.callee.kind === "attribute" ? value.callee.of : value;
    if (of.kind === "attribute") names.add(of.name);
    else if (of.kind === "string") for (const part of of.value.split(".")) names.add(part);
    // `getattr(User, name)`, a variable: any relationship may be meant.
    else names.add("*");
  }
}
