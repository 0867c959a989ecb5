import { forEachExpr, type Argument, type Expr, type FileFacts, type FunctionFact } from "../python/index.js";
import { deciding } from "./distinct.js";
import type { Effect } from "./evaluate/effects.js";
import type { Iteration } from "./values/value.js";
import type { OrmIndex } from "./project/ormIndex.js";
import { onlyCalledByName, rootOf, type Root } from "./references.js";

/** How a call gives an argument: as a written-out list of a few elements, or otherwise. */
interface ArgumentShape {
  readonly name?: string;
  readonly short: boolean;
}
/** One shape per call of a name; `undefined` for a mention that is no call, or one whose arguments cannot be told apart. */
type Shapes = readonly (readonly ArgumentShape[] | undefined)[];

const fewElements = 3;

/** Drops what happens once per element of a parameter that every call in the project gives a written-out list of a few elements. */
export function dropShortLists<E extends Effect>(index: OrmIndex, effects: readonly E[]): readonly E[] {
  const places = new Map<FunctionFact, Map<string, boolean>>();
  return effects.filter((effect) => {
    const parameter = loopOf(effect)?.parameter;
    const root = parameter === undefined ? undefined : rootOf(index, effect);
    if (parameter === undefined || !root || !isIn(root, loopOf(effect)!)) return true;
    const known = places.get(root.fn) ?? new Map<string, boolean>();
    places.set(root.fn, known);
    let short = known.get(parameter);
    if (short === undefined) known.set(parameter, (short = alwaysShort(index, root, parameter)));
    return !short;
  });
}

function loopOf(effect: Effect): Iteration | undefined {
  if (effect.kind === "execution") return deciding(effect);
  if (effect.kind === "commit") return effect.iterations.at(-1);
  return effect.kind === "lazyLoad" || effect.kind === "columnLoad" ? effect.iteration : undefined;
}

const isIn = ({ file, fn }: Root, { file: at, start, end }: Iteration) => file === at && fn.start <= start && end <= fn.end;

function alwaysShort(index: OrmIndex, root: Root, parameter: string): boolean {
  const { fn } = root;
  const at = fn.params.findIndex(({ name }) => name === parameter);
  if (at < 0 || fn.params[at]!.splat || !onlyCalledByName(index, root)) return false;
  const position = fn.class === undefined ? at : at - 1;
  let calls = 0;
  for (const facts of index.files.values()) {
    if (!facts.words.includes(fn.name)) continue;
    for (const shape of shapesOf(facts).get(fn.name) ?? []) {
      calls++;
      const given = shape?.find(({ name }) => name === parameter) ?? shape?.filter(({ name }) => name === undefined)[position];
      if (!shape || !(given ? given.short : isShort(fn.params[at]!.default))) return false;
    }
  }
  return calls > 0;
}

function isShort(expr: Expr | undefined): boolean {
  if (expr?.kind === "constant") return expr.value === null;
  return (
    (expr?.kind === "tuple" || expr?.kind === "list" || expr?.kind === "set") &&
    expr.items.length <= fewElements &&
    expr.items.every(({ kind }) => kind !== "splat")
  );
}

const known = new WeakMap<FileFacts, ReadonlyMap<string, Shapes>>();

/** By the last word of what is called. */
function shapesOf(facts: FileFacts): ReadonlyMap<string, Shapes> {
  let found = known.get(facts);
  if (!found) known.set(facts, (found = read(facts)));
  return found;
}

function read(facts: FileFacts): ReadonlyMap<string, Shapes> {
  const found = new Map<string, (readonly ArgumentShape[] | undefined)[]>();
  const callees = new Set<Expr>();
  const add = (name: string, shape: readonly ArgumentShape[] | undefined) => {
    const shapes = found.get(name);
    if (shapes) shapes.push(shape);
    else found.set(name, [shape]);
  };
  for (const { names } of facts.imports) for (const { name, alias } of names ?? []) if (alias !== undefined) add(name, undefined);
  for (const fn of facts.functions)
    forEachExpr(fn.body, (expr) => {
      if (expr.kind === "call") {
        callees.add(expr.callee);
        const name = wordOf(expr.callee);
        if (name !== undefined) add(name, shapeOf(expr.args));
      } else if (!callees.has(expr)) {
        const name = wordOf(expr) ?? (expr.kind === "string" ? expr.value : undefined);
        if (name !== undefined) add(name, undefined);
      }
    });
  return found;
}

const wordOf = (expr: Expr) => (expr.kind === "name" ? expr.id : expr.kind === "attribute" ? expr.name : undefined);

function shapeOf(args: readonly Argument[]): readonly ArgumentShape[] | undefined {
  if (args.some(({ splat }) => splat)) return undefined;
  return args.map(({ name, value }) => ({ ...(name === undefined ? {} : { name }), short: isShort(value) }));
}

/** Whether two texts of a file call the same names with written-out lists at the same places. */
export function callsSame(before: FileFacts, after: FileFacts): boolean {
  const [was, now] = [shapesOf(before), shapesOf(after)];
  return was.size === now.size && [...was].every(([name, shapes]) => JSON.stringify(shapes) === JSON.stringify(now.get(name)));
}
