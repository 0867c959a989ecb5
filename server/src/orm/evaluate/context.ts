import type { Expr, FileFacts } from "../../python/index.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { unknown, type Value } from "../values/value.js";
import { declaredValue } from "./declared.js";
import { Evaluator, newFindings, type EvaluationContext, type TemplateLookup } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { prepare } from "./parameters.js";
import { evaluateBody } from "./statements.js";

/** Module-level names defined by other module-level names, one behind the other. */
const deepest = 30;

/** What all functions of a project have in common: values of module-level names and instance attributes, results of calls. */
export function createContext(index: OrmIndex, lookup: TemplateLookup = () => undefined): EvaluationContext {
  const modules = new Map<string, Value>();
  const instances = new Map<string, ReadonlyMap<string, Value>>();
  const templates = new Map<string, FileFacts>();
  let depth = 0;
  const context: EvaluationContext = {
    applied: new Map(),
    sites: new Map(),
    template: (name, from) => {
      const found = lookup(name, from);
      if (found) templates.set(found.file, found.facts);
      return found;
    },
    factsOf: (file) => index.files.get(file) ?? templates.get(file),
    moduleValue: (file, name, value, annotation) => {
      const key = `${file}\n${name}`;
      const known = modules.get(key);
      if (known) return known;
      if (depth >= deepest) return unknown;
      modules.set(key, unknown); // a name defined by itself ends here
      depth++;
      const result = moduleValue(index, context, file, value, annotation);
      depth--;
      modules.set(key, result);
      return result;
    },
    instanceFields: (ref) => {
      const key = `${ref.file}\n${ref.index}`;
      let known = instances.get(key);
      if (!known) {
        instances.set(key, new Map());
        known = constructed(index, context, ref.file, ref.index);
        instances.set(key, known);
      }
      return known;
    },
    instanceAttribute: ({ class: ref }, name) => {
      return context.instanceFields(ref).get(name) ?? declaredMember(index, context, ref.file, ref.index, name);
    },
  };
  return context;
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
