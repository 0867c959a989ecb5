import { forEachExpr, type Argument, type Expr, type FileFacts } from "../python/index.js";
import type { OrmIndex } from "./project/ormIndex.js";
import { onlyCalledByName, rootOf } from "./references.js";

/** How a call gives an argument: as a written-out list of a few elements, or otherwise. */
interface ArgumentShape {
  readonly name?: string;
  readonly short: boolean;
}
/** One shape per call of a name; `undefined` for a mention that is no call, or one whose arguments cannot be told apart. */
type Shapes = readonly (readonly ArgumentShape[] | undefined)[];

const fewElements = 3;

/** A parameter of a function; the function as `storyOf` names it. */
export interface ListParameter {
  readonly story: string;
  readonly parameter: string;
}

interface Known extends ListParameter {
  /** Where a call gives it, behind `self`. */
  readonly position: number;
  readonly shortDefault: boolean;
  short: boolean;
}

/** Tells parameters that every call in the project gives a written-out list of a few elements: a loop over them has as few rounds. */
export class WrittenLists {
  private readonly known = new Map<string, Known | undefined>();
  /** Those of the functions of one name, and how files call that. */
  private readonly named = new Map<string, Known[]>();
  private readonly calls = new Map<string, Map<string, Shapes>>();
  private files: ReadonlyMap<string, FileFacts> = new Map();

  isShort(list: ListParameter): boolean {
    return this.known.get(keyOf(list))?.short === true;
  }

  /**
   * Looks at how files call now. Between two calls files' declarations stay as they are.
   * @param lists parameters to be known from now on
   * @returns functions of which a parameter is given otherwise than before
   */
  update(index: OrmIndex, lists: Iterable<ListParameter>): ReadonlySet<string> {
    const names = new Set([...this.changedNames(index.files), ...this.newNames(index, lists)]);
    this.files = index.files;
    const changed = new Set<string>();
    for (const name of names)
      for (const one of this.named.get(name) ?? []) {
        const short = isAlwaysShort(one, [...this.calls.get(name)!.values()].flat());
        if (short !== one.short) changed.add(one.story);
        one.short = short;
      }
    return changed;
  }

  /** Names that files call otherwise than before. */
  private *changedNames(files: ReadonlyMap<string, FileFacts>): Iterable<string> {
    if (this.files === files || this.calls.size === 0) return;
    for (const [file, before] of this.files) {
      const now = files.get(file);
      if (now === undefined || now === before) continue;
      for (const name of this.calls.keys()) if (this.look(name, file, now)) yield name;
    }
  }

  private newNames(index: OrmIndex, lists: Iterable<ListParameter>): Iterable<string> {
    const names = new Set<string>();
    for (const list of lists) {
      if (this.known.has(keyOf(list))) continue;
      const root = rootOf(index, list.story);
      const at = root?.fn.params.findIndex(({ name }) => name === list.parameter) ?? -1;
      const param = root?.fn.params[at];
      const one =
        root && param && !param.splat && onlyCalledByName(index, root)
          ? { ...list, position: root.fn.class === undefined ? at : at - 1, shortDefault: isShort(param.default), short: false }
          : undefined;
      this.known.set(keyOf(list), one);
      if (!root || !one) continue;
      const { name } = root.fn;
      this.named.set(name, [...(this.named.get(name) ?? []), one]);
      names.add(name);
      if (this.calls.has(name)) continue;
      this.calls.set(name, new Map());
      for (const [file, facts] of index.files) this.look(name, file, facts);
    }
    return names;
  }

  /** Whether a file calls a name otherwise than it did. */
  private look(name: string, file: string, facts: FileFacts): boolean {
    const calls = this.calls.get(name)!;
    const before = calls.get(file) ?? [];
    const now = facts.words.includes(name) ? (shapesOf(facts).get(name) ?? []) : [];
    if (JSON.stringify(before) === JSON.stringify(now)) return false;
    calls.set(file, now);
    return true;
  }
}

const keyOf = ({ story, parameter }: ListParameter) => `${story}\n${parameter}`;

function isAlwaysShort({ parameter, position, shortDefault }: Known, calls: Shapes): boolean {
  return (
    calls.length > 0 &&
    calls.every((shape) => {
      const given = shape?.find(({ name }) => name === parameter) ?? shape?.filter(({ name }) => name === undefined)[position];
      return shape !== undefined && (given ? given.short : shortDefault);
    })
  );
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
