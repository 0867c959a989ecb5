import type { Expr, FileFacts } from "../../python/index.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { Cell, Memory, type Dependency, type Unit } from "../incremental/memory.js";
import { equal } from "../incremental/equal.js";
import { trackedIndex } from "../incremental/trackedIndex.js";
import { functionUnit, templateUnit, unitsOfTemplate } from "../incremental/units.js";
import { join, membersOf, never, unknown, type Value } from "../values/value.js";
import { declaredValue } from "./declared.js";
import { Evaluator, newFindings, type EvaluationContext, type TemplateLookup } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { prepare } from "./parameters.js";
import { processedNames, registeredValue } from "./registered.js";
import { evaluateBody } from "./statements.js";

/** Module-level names defined by other module-level names, one behind the other. */
const deepest = 30;

/** What all functions of a project have in common: values of module-level names and instance attributes, results of calls. */
export function createContext(base: OrmIndex, lookup: TemplateLookup = () => undefined): EvaluationContext {
  const memory = new Memory();
  const modules = new Map<string, Cell<Value>>();
  const instances = new Map<string, Cell<ReadonlyMap<string, Value>>>();
  const registered = new Map<string, Cell<Value>>();
  const processed = new Cell<ReadonlyMap<string, Value>>(() => processedNames(context), equal);
  const templates = new Templates(lookup);
  let depth = 0;
  let live = fewCalls;
  const context: EvaluationContext = {
    memory,
    index: trackedIndex(base, memory),
    calls: new Map(),
    sites: new Map(),
    template: (name, from) => {
      memory.use(templateUnit(name, from));
      return templates.find(name, from);
    },
    factsOf: (file) => context.index.files.get(file) ?? templates.factsOf(file),
    moduleValue: (file, name) => {
      if (depth >= deepest) {
        memory.meet(0);
        return unknown;
      }
      depth++;
      // A name defined by itself ends here.
      const value = memory.get(
        cellOf(modules, `${file}\n${name}`, () => variableValue(context, file, name)),
        unknown,
      );
      depth--;
      return value;
    },
    registered: (kind, name) =>
      memory.get(
        cellOf(registered, `${kind}\n${name}`, () => registeredValue(context, kind, name)),
        unknown,
      ),
    processed: () => memory.get(processed, noFields),
    instanceFields: (ref) => {
      const left = cellOf(instances, `${ref.file}\n${ref.index}`, () => constructed(context.index, context, ref.file, ref.index));
      return memory.get(left, noFields);
    },
    instanceAttribute: ({ class: ref }, name) =>
      context.instanceFields(ref).get(name) ?? declaredMember(context.index, context, ref.file, ref.index, name),
    edit: (index, units) => {
      memory.change([...units, ...templates.changed()]);
      context.index = trackedIndex(index, memory);
    },
    sweep: (roots) => {
      if (context.calls.size <= 1.5 * live) return;
      const reached = reachable(roots());
      for (const [key, cell] of context.calls)
        if (!reached.has(cell as Cell<unknown>)) {
          memory.forget(cell as Cell<unknown>);
          context.calls.delete(key);
        }
      live = Math.max(context.calls.size, fewCalls);
    },
  };
  return context;
}
/** Not worth tidying up. */
const fewCalls = 20_000;

function reachable(roots: Iterable<Dependency>): ReadonlySet<Dependency> {
  const reached = new Set<Dependency>(roots);
  for (const one of reached) if (typeof one !== "string") for (const below of one.dependencies) reached.add(below);
  return reached;
}

const noFields: ReadonlyMap<string, Value> = new Map();

function cellOf<T>(cells: Map<string, Cell<T>>, key: string, compute: () => T): Cell<T> {
  let cell = cells.get(key);
  if (!cell) cells.set(key, (cell = new Cell<T>(compute, equal)));
  return cell;
}

/** Templates by the names that code gives them, as they were found. */
class Templates {
  private readonly byName = new Map<string, { readonly name: string; readonly from: string; readonly found: ReturnType<TemplateLookup> }>();
  private readonly facts = new Map<string, FileFacts>();

  constructor(private readonly lookup: TemplateLookup) {}

  find(name: string, from: string): ReturnType<TemplateLookup> {
    const key = templateUnit(name, from);
    const known = this.byName.get(key);
    if (known) return known.found;
    const found = this.lookup(name, from);
    if (found) this.facts.set(found.file, found.facts);
    this.byName.set(key, { name, from, found });
    return found;
  }

  factsOf(file: string): FileFacts | undefined {
    return this.facts.get(file);
  }

  /** Looks again, and tells what is another than before. */
  changed(): Unit[] {
    return [...this.byName].flatMap(([key, { name, from, found }]) => {
      const now = this.lookup(name, from);
      if (now?.file === found?.file && now?.facts === found?.facts) return [];
      this.byName.set(key, { name, from, found: now });
      if (now) this.facts.set(now.file, now.facts);
      return [key, ...[found, now].flatMap((one) => (one ? unitsOfTemplate(one.file, one.facts) : []))];
    });
  }
}

function variableValue(context: EvaluationContext, file: string, name: string): Value {
  const symbol = context.index.symbols.lookup(file, name);
  if (symbol?.kind !== "variable") return unknown;
  const own = moduleValue(context.index, context, symbol.file, symbol.value, symbol.annotation);
  const assigned = assignedInFunctions(context, symbol.file, symbol.name);
  // `repository = None` at module level only says that a function fills it.
  if (assigned.kind === "never") return own;
  return own.kind === "none" || own.kind === "unknown" ? assigned : join(own, assigned);
}

/** What functions that declare the name `global` leave in it; never where there are none. */
function assignedInFunctions(context: EvaluationContext, file: string, name: string): Value {
  let assigned: Value = never;
  const facts = context.index.files.get(file);
  facts?.functions.forEach((fn, at) => {
    if (!fn.globals?.includes(name)) return;
    context.memory.use(functionUnit(file, at));
    const self = fn.class === undefined ? undefined : context.index.classes.of({ kind: "class", file, index: fn.class });
    const ev = new Evaluator(context.index, file, facts, fn, newFindings(), context);
    ev.definedIn = self;
    prepare(ev, self);
    evaluateBody(ev, fn.body);
    assigned = join(assigned, ev.env.get(name) ?? never);
  });
  return membersOf(assigned).every(({ kind }) => kind === "none") && assigned.kind !== "never" ? unknown : assigned;
}

function moduleValue(
  index: OrmIndex,
  context: EvaluationContext,
  file: string,
  value: Expr | undefined,
  annotation: Expr | undefined,
): Value {
  const facts = index.files.get(file);
  if (!facts) return unknown;
  const declared = annotation ? declaredValue(index, file, annotation, "its annotation") : unknown;
  if (declared.kind !== "unknown" || !value) return declared;
  const ev = new Evaluator(index, file, facts, facts.functions[0]!, newFindings(), context);
  return evaluate(ev, value);
}

/** What `__init__` leaves in `self`. */
function constructed(index: OrmIndex, context: EvaluationContext, file: string, classIndex: number): ReadonlyMap<string, Value> {
  const ref = index.classes.of({ kind: "class", file, index: classIndex });
  const found = ref && index.classes.method(ref, "__init__");
  const [self] = found?.method.params ?? [];
  if (!ref || !found || !self) return new Map();
  const facts = index.files.get(found.in.file)!;
  context.memory.use(functionUnit(found.in.file, found.index));
  const ev = new Evaluator(index, found.in.file, facts, found.method, newFindings(), context);
  ev.definedIn = found.in;
  prepare(ev, ref);
  evaluateBody(ev, found.method.body);
  const left = ev.env.get(self.name);
  return (left?.kind === "instance" ? left.fields : undefined) ?? ev.env.withPrefix(`${self.name}.`);
}

/** `session: AsyncSession` in the class's body. */
function declaredMember(index: OrmIndex, context: EvaluationContext, file: string, classIndex: number, name: string): Value {
  const ref = index.classes.of({ kind: "class", file, index: classIndex });
  const field = ref && index.classes.field(ref, name);
  if (!field) return unknown;
  const { annotation } = field.field;
  const declared = annotation ? declaredValue(index, field.in.file, annotation, `\`${ref.fact.name}.${name}\``) : unknown;
  if (declared.kind !== "unknown") return declared;
  return field.field.value ? moduleValue(index, context, field.in.file, field.field.value, undefined) : unknown;
}
