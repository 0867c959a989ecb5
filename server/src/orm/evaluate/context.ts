import type { Expr } from "../../python/index.js";
import { lastWord } from "../project/names.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { Names } from "../values/names.js";
import { unknown, type Value } from "../values/value.js";
import { declaredValue } from "./declared.js";
import { Evaluator, type CallResolver, type EvaluationContext, type Findings } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { prepare } from "./parameters.js";
import { summaries } from "./summaries.js";
import { evaluateBody } from "./statements.js";

export const newFindings = (): Findings => ({ effects: [], queries: new Map(), reshaped: new Set(), sql: new Map(), uses: new Map() });

/** What functions of the project give, by what their annotations promise. */
export const byAnnotation =
  (index: OrmIndex): CallResolver =>
  ({ file, index: at }) => {
    const fn = index.files.get(file)?.functions[at];
    if (!fn?.returns) return unknown;
    return declaredValue(index, file, fn.returns, `what \`${fn.name}()\` returns`);
  };

/** Module-level names defined by other module-level names, one behind the other. */
const deepest = 30;

/** Values of module-level names and of instance attributes, each computed once. */
export function createContext(index: OrmIndex, declared: CallResolver = byAnnotation(index)): EvaluationContext {
  const modules = new Map<string, Value>();
  const instances = new Map<string, Names>();
  let depth = 0;
  const { call, sends, withoutCalls } = summaries(index, declared, () => context);
  const context: EvaluationContext = {
    call,
    sends,
    moduleValue: (file, name, value, annotation) => {
      const key = `${file}\n${name}`;
      const known = modules.get(key);
      if (known) return known;
      if (depth >= deepest) return unknown;
      modules.set(key, unknown); // a name defined by itself ends here
      depth++;
      const result = withoutCalls(() => moduleValue(index, context, file, value, annotation));
      depth--;
      modules.set(key, result);
      return result;
    },
    instanceAttribute: (file, classIndex, name) => {
      const key = `${file}\n${classIndex}`;
      let known = instances.get(key);
      if (!known) {
        instances.set(key, new Names());
        known = withoutCalls(() => constructed(index, context, file, classIndex));
        instances.set(key, known);
      }
      return known.get(`self.${name}`) ?? declaredMember(index, context, file, classIndex, name);
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
function constructed(index: OrmIndex, context: EvaluationContext, file: string, classIndex: number): Names {
  const ref = index.classes.of({ kind: "class", file, index: classIndex });
  const found = ref && index.classes.method(ref, "__init__");
  if (!ref || !found) return new Names();
  const facts = index.files.get(found.in.file)!;
  const ev = new Evaluator(index, found.in.file, facts, found.method, newFindings(), context);
  prepare(ev, ref);
  evaluateBody(ev, found.method.body);
  return ev.env;
}

/** `session: AsyncSession` in the class's body, or a property's return annotation. */
function declaredMember(index: OrmIndex, context: EvaluationContext, file: string, classIndex: number, name: string): Value {
  const ref = index.classes.of({ kind: "class", file, index: classIndex });
  if (!ref) return unknown;
  const field = index.classes.field(ref, name);
  if (field?.field.annotation) return declaredValue(index, field.in.file, field.field.annotation, `\`${ref.fact.name}.${name}\``);
  if (field?.field.value) return moduleValue(index, context, field.in.file, field.field.value, undefined);
  const method = index.classes.method(ref, name);
  const property = method?.method.decorators.some((one) => one.kind === "name" && lastWord(one.id).endsWith("property"));
  if (!method?.method.returns || !property) return unknown;
  return declaredValue(index, method.in.file, method.method.returns, `\`${ref.fact.name}.${name}\``);
}
