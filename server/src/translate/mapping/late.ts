import type { FieldFact } from "../../python/index.js";
import { wordOf } from "../../orm/project/names.js";
import type { EntityId, OrmIndex } from "../../orm/index.js";

/** `User.total = column_property(...)` behind the class, at module level. */
export function lateFields(index: OrmIndex): ReadonlyMap<EntityId, readonly { file: string; field: FieldFact }[]> {
  const found = new Map<EntityId, { file: string; field: FieldFact }[]>();
  for (const [file, facts] of index.files) {
    if (!facts.words.includes("column_property")) continue;
    for (const statement of facts.functions[0]!.body) {
      if (statement.kind !== "assign" || statement.value?.kind !== "call") continue;
      const [target] = statement.targets;
      if (target?.kind !== "attribute" || wordOf(index.symbols, file, statement.value.callee) !== "column_property") continue;
      const entity = index.entity(index.symbols.resolve(file, target.of));
      if (!entity) continue;
      const field: FieldFact = { name: target.name, start: statement.start, end: statement.end, value: statement.value };
      found.set(entity.id, [...(found.get(entity.id) ?? []), { file, field }]);
    }
  }
  return found;
}
