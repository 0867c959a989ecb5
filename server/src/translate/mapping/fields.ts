import type { FieldFact } from "../../python/index.js";
import type { ClassRef } from "../../orm/entities/classes.js";
import { wordOf } from "../../orm/project/names.js";
import type { OrmIndex } from "../../orm/index.js";

const known = new WeakMap<ClassRef["fact"], readonly FieldFact[]>();

/** Fields of one class in the order of the text, `declared_attr` methods as what they return. */
export function declaredIn(index: OrmIndex, ref: ClassRef): readonly FieldFact[] {
  const before = known.get(ref.fact);
  if (before) return before;
  const facts = index.files.get(ref.file)!;
  const methods = ref.fact.methods.flatMap((at): FieldFact[] => {
    const method = facts.functions[at]!;
    const declared = method.decorators.some((decorator) => {
      const outer = decorator.kind === "attribute" ? decorator.of : decorator;
      return wordOf(index.symbols, ref.file, decorator) === "declared_attr" || wordOf(index.symbols, ref.file, outer) === "declared_attr";
    });
    const last = declared ? method.body.findLast((statement) => statement.kind === "return") : undefined;
    if (last?.kind !== "return" || !last.value) return [];
    return [
      {
        name: method.name,
        start: method.start,
        end: method.end,
        value: last.value,
        ...(method.returns ? { annotation: method.returns } : {}),
      },
    ];
  });
  const fields = [...ref.fact.fields, ...methods].sort((a, b) => a.start - b.start);
  known.set(ref.fact, fields);
  return fields;
}
