import type { Expr, FieldFact, FunctionFact } from "../../python/index.js";
import { wordOf } from "../project/names.js";
import { asArguments, keyword } from "./calls.js";
import type { Classes, ClassRef } from "./classes.js";

/** A field with the class it stands in: mixins live elsewhere. */
export interface Placed {
  readonly file: string;
  readonly class: ClassRef;
  readonly field: FieldFact;
}

/** Fields of the class and its ancestors, nearest last, `declared_attr` methods as what they return. */
export function fieldsOf(classes: Classes, ref: ClassRef): Placed[] {
  return [...classes.linear(ref)]
    .reverse()
    .flatMap((at) =>
      [...at.fact.fields.map(unwrapped), ...declaredAttributes(classes, at)].map((field) => ({ file: at.file, class: at, field })),
    );
}

/** `id: int = field(metadata={"sa": Column(...)})` of a mapped dataclass. */
function unwrapped(field: FieldFact): FieldFact {
  const { value } = field;
  if (value?.kind !== "call" || value.args.length === 0) return field;
  const inner = asArguments(keyword(value, "metadata")).find((entry) => entry.name === "sa")?.value;
  if (!inner) return field;
  const { name, start, end } = field;
  // The annotation is the dataclass's, not SQLAlchemy's.
  return { name, start, end, value: inner.kind === "lambda" ? inner.body : inner };
}

function declaredAttributes(classes: Classes, ref: ClassRef): FieldFact[] {
  const facts = classes.symbols.files.get(ref.file)!;
  return ref.fact.methods.flatMap((index) => {
    const method = facts.functions[index]!;
    const declared = method.decorators.some((decorator) => {
      const target = decorator.kind === "attribute" ? decorator.of : decorator;
      return (
        wordOf(classes.symbols, ref.file, decorator) === "declared_attr" || wordOf(classes.symbols, ref.file, target) === "declared_attr"
      );
    });
    const value = declared ? returnedBy(method) : undefined;
    if (!value) return [];
    const base = { name: method.name, start: method.start, end: method.end, value };
    return [method.returns ? { ...base, annotation: method.returns } : base];
  });
}

/** What a method returns at its end, looked up where it is a local name. */
function returnedBy(method: FunctionFact): Expr | undefined {
  const last = method.body.findLast((statement) => statement.kind === "return");
  if (last?.kind !== "return") return undefined;
  const { value } = last;
  if (value?.kind !== "name") return value;
  const assigned = method.body.findLast(
    (statement) => statement.kind === "assign" && statement.targets.some((target) => target.kind === "name" && target.id === value.id),
  );
  return assigned?.kind === "assign" ? assigned.value : value;
}
