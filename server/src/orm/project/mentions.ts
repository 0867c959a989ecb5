import { forEachExpr, type CallExpr, type FileFacts } from "../../python/index.js";
import { isLoaderOption } from "../evaluate/options.js";

/** Names of all attributes that some loader option of the project names. */
export function loaderMentions(files: ReadonlyMap<string, FileFacts>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const facts of files.values())
    for (const fn of facts.functions)
      forEachExpr(fn.body, (expr) => {
        if (expr.kind === "call" && isLoaderOption(calleeWord(expr))) argumentNames(expr, names);
      });
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
