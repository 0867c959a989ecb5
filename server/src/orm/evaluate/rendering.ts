import type { Span } from "#protocol/place";
import type { CallExpr, Expr, FileFacts, FunctionFact } from "../../python/index.js";
import { isTemplateName } from "../values/keys.js";
import { Names } from "../values/names.js";
import { mapValue, unknown, type FunctionRef, type Value } from "../values/value.js";
import type { Evaluator, TemplateRun } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { childOf } from "./functions.js";
import { evaluateBody } from "./statements.js";
import { noteEscape } from "./uses.js";

/** Templates within templates that are followed. */
const deepest = 14;

interface Template {
  readonly file: string;
  readonly facts: FileFacts;
}

/** The last word of what is called says that a page is made: `render_template`, `TemplateResponse`, `env.get_template`. */
function makesPage(callee: Expr): boolean {
  const word = (callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "").toLowerCase();
  return word.includes("render") || word.includes("template");
}

/**
 * A call that names a template of the project: with its keywords and dictionaries as the template's names. `get_template("x.html")` gives
 * the template itself. Undefined where it is no such call.
 * @param of what the method is called on, or the function itself
 */
export function renderedBy(ev: Evaluator, of: Value, call: CallExpr, args: readonly Value[]): Value | undefined {
  const { callee } = call;
  if (of.kind === "template" && callee.kind === "attribute" && callee.name.startsWith("render")) {
    render(ev, of, contextOf(call, args), call);
    return unknown;
  }
  if (!makesPage(callee)) return undefined;
  const templates = args.flatMap((arg) => templatesNamed(ev, arg));
  if (templates.length === 0) return undefined;
  const word = callee.kind === "attribute" ? callee.name : "";
  if (word.startsWith("get_") || word.startsWith("select_")) return { kind: "template", ...templates[0]! };
  args.forEach((arg) => noteEscape(ev, arg));
  for (const template of templates) render(ev, template, contextOf(call, args), call);
  return unknown;
}

function templatesNamed(ev: Evaluator, value: Value): Template[] {
  if (value.kind === "union") return value.of.flatMap((member) => templatesNamed(ev, member));
  const found =
    value.kind === "string" && isTemplateName(value.literal.value) ? ev.context.template(value.literal.value, ev.file) : undefined;
  return found ? [found] : [];
}

/** Keywords, and what dictionaries among the arguments hold. */
function contextOf(call: CallExpr, args: readonly Value[]): Names {
  const names = new Names();
  call.args.forEach((arg, at) => {
    const value = args[at] ?? unknown;
    if (arg.name !== undefined && value.kind !== "mapping") names.set(arg.name, value);
    if (value.kind === "mapping" && value.entries) {
      for (const [name, one] of value.entries) names.set(name, one);
      if (arg.name !== undefined) names.set(arg.name, value);
    }
  });
  return names;
}

/**
 * `@view_config(renderer="x.html")`, `@templated("x.html")`: what the function returns are the template's names. A class may say so for
 * all of its methods that are decorated at all.
 */
export function renderReturned(ev: Evaluator, fn: FunctionFact, returned: Value): void {
  for (const decorator of [...fn.decorators, ...(ev.definedIn?.fact.decorators ?? [])]) {
    if (decorator.kind !== "call") continue;
    for (const { value } of decorator.args) {
      if (value.kind !== "string" || !isTemplateName(value.value)) continue;
      const template = ev.context.template(value.value, ev.file);
      if (!template) continue;
      mapValue(returned, (one) => {
        if (one.kind !== "mapping" || !one.entries) return unknown;
        const names = new Names();
        for (const [name, each] of one.entries) names.set(name, each);
        render(ev, template, names, { start: fn.nameStart, end: fn.nameStart + fn.name.length });
        return unknown;
      });
    }
  }
}

const blockPrefix = "block ";

function blocksOf({ file, facts }: Template): Map<string, FunctionRef> {
  const blocks = new Map<string, FunctionRef>();
  facts.functions.forEach((fn, index) => {
    if (fn.name.startsWith(blockPrefix)) blocks.set(fn.name.slice(blockPrefix.length), { file, index });
  });
  return blocks;
}

function render(ev: Evaluator, template: Template, names: Names, place: Span, overriding: TemplateRun["blocks"] = new Map()): void {
  const key = `T\n${template.file}`;
  ev.reach(key);
  if (ev.stack.includes(key)) return;
  if (ev.stack.length >= deepest || ev.work.left <= 0) {
    if (ev.stack.length >= deepest) ev.found.tooDeep = true;
    else ev.found.exhausted = true;
    return;
  }
  const main = template.facts.functions[0]!;
  const child = childOf(ev, template.file, main, template.file.slice(template.file.lastIndexOf("/") + 1), place, names);
  child.stack = [...ev.stack, key];
  child.medium = "template";
  const blocks = new Map<string, readonly FunctionRef[]>();
  for (const [name, ref] of blocksOf(template)) blocks.set(name, [...(overriding.get(name) ?? []), ref]);
  for (const [name, refs] of overriding) if (!blocks.has(name)) blocks.set(name, refs);
  const extended = parentOf(child, template);
  // A child's blocks stand where its parent has them.
  child.template = { blocks: extended ? new Map() : blocks };
  evaluateBody(child, main.body);
  if (extended) render(child, extended.template, child.env, extended.call, blocks);
}

/** What a template extends, and the tag that says so. */
function parentOf(ev: Evaluator, { facts, file }: Template): { template: Template; call: CallExpr } | undefined {
  for (const statement of facts.functions[0]!.body) {
    const call = statement.kind === "expression" && statement.value.kind === "call" ? statement.value : undefined;
    if (call?.callee.kind !== "name" || call.callee.id !== "__extends__") continue;
    const [name] = call.args;
    const value = name && evaluate(ev, name.value);
    const template = value?.kind === "string" ? ev.context.template(value.literal.value, file) : undefined;
    return template && { template, call };
  }
  return undefined;
}

/** Of several names the first that exists counts. */
function included(ev: Evaluator, name: Expr): readonly Template[] {
  const choices = name.kind === "list" || name.kind === "tuple" ? name.items : [name];
  for (const choice of choices) {
    const found = templatesNamed(ev, evaluate(ev, choice));
    if (found.length > 0) return found;
  }
  return [];
}

/** The tags of a template that its facts have as calls; undefined for any other call. */
export function templateTag(ev: Evaluator, call: CallExpr): Value | undefined {
  if (ev.medium !== "template" || call.callee.kind !== "name") return undefined;
  const [first] = call.args;
  switch (call.callee.id) {
    case "__extends__":
      return unknown;
    case "__include__":
      for (const template of first ? included(ev, first.value) : []) render(ev, template, ev.env.child(), call);
      return unknown;
    case "__import__":
      return first ? imported(ev, evaluate(ev, first.value), call) : unknown;
    case "__block__":
      if (first?.value.kind === "string") block(ev, first.value.value, 0, call);
      return unknown;
    case "super":
      if (ev.template?.block) block(ev, ev.template.block.name, ev.template.block.at + 1, call);
      return unknown;
    default:
      return undefined;
  }
}

function imported(ev: Evaluator, name: Value, place: Span): Value {
  const [template] = templatesNamed(ev, name);
  if (!template) return unknown;
  const names = new Names();
  render(ev, template, names, place);
  return { kind: "module", names };
}

function block(ev: Evaluator, name: string, at: number, place: Span): void {
  const ref = ev.template?.blocks.get(name)?.[at];
  const fn = ref && ev.context.factsOf(ref.file)?.functions[ref.index];
  const key = `B\n${name}\n${at}`;
  ev.reach(key);
  if (!ref || !fn || ev.stack.includes(key)) return;
  const child = childOf(ev, ref.file, fn, fn.name, place, ev.env.child());
  child.stack = [...ev.stack, key];
  child.medium = "template";
  child.template = { blocks: ev.template!.blocks, block: { name, at } };
  evaluateBody(child, fn.body);
}
