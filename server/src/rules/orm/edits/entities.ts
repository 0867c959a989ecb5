import type { Entity, OrmIndex } from "../../../orm/index.js";
import type { FileFacts, ImportFact } from "../../../python/index.js";
import { insertion } from "./edit.js";
import { importsAt, withName, type Reference } from "./imports.js";
import { isShadowed } from "./shadowed.js";

/** How a file can name an entity: as it does already, or by an import that does not close a circle. */
export function referToEntity(index: OrmIndex, file: string, entity: Entity, at: number): Reference | undefined {
  const facts = index.files.get(file);
  if (!facts) return undefined;
  if (entity.file === file) return { text: entity.name, edits: [] };
  const here = importsOf(facts);
  for (const fact of importsAt(facts, at))
    for (const { name, alias } of fact.names ?? []) {
      const symbol = index.symbols.imported(file, facts, facts.imports.indexOf(fact), name);
      if (index.entity(symbol)?.id === entity.id) return { text: alias ?? name, edits: [] };
    }
  const prefix = modulePrefix(index, file, facts, entity, at);
  if (prefix !== undefined && !isShadowed(facts, at, prefix.split(".")[0]!)) return { text: `${prefix}.${entity.name}`, edits: [] };
  if (index.symbols.lookup(file, entity.name)) return undefined;
  return besideAnother(index, file, facts, here, entity) ?? ownImport(index, file, facts, here, entity);
}

/** `models` of `import models`, `m` of `import models as m` and of `from app import models as m`. */
function modulePrefix(index: OrmIndex, file: string, facts: FileFacts, entity: Entity, at: number): string | undefined {
  const { symbols } = index;
  for (const fact of importsAt(facts, at)) {
    const whole = fact.names === undefined && !fact.star ? (fact.alias ?? fact.module) : undefined;
    const module = symbols.modules.resolve(file, fact.level, fact.module);
    if (whole !== undefined && module !== undefined && means(index, { kind: "module", file: module }, entity)) return whole;
    for (const { name, alias } of fact.names ?? []) {
      const symbol = symbols.imported(file, facts, facts.imports.indexOf(fact), name);
      if (symbol.kind === "module" && means(index, symbol, entity)) return alias ?? name;
    }
  }
  return undefined;
}

type PythonSymbol = ReturnType<OrmIndex["symbols"]["imported"]>;

const means = (index: OrmIndex, module: PythonSymbol, entity: Entity) =>
  index.entity(index.symbols.member(module, entity.name))?.id === entity.id;

/** Imports that hold when the code runs: not those under TYPE_CHECKING. */
const importsOf = (facts: FileFacts) => facts.imports.filter((fact) => fact.function === 0 && !fact.conditional);

/** The module from which another entity comes may have this one too. */
function besideAnother(
  index: OrmIndex,
  file: string,
  facts: FileFacts,
  here: readonly ImportFact[],
  entity: Entity,
): Reference | undefined {
  for (const fact of here) {
    const module = fact.star ? undefined : index.symbols.modules.resolve(file, fact.level, fact.module);
    if (module === undefined || !fact.names?.length) continue;
    if (index.entity(index.symbols.lookup(module, entity.name))?.id !== entity.id) continue;
    const edit = withName(file, facts, fact, entity.name);
    return edit && { text: entity.name, edits: [edit] };
  }
  return undefined;
}

function ownImport(index: OrmIndex, file: string, facts: FileFacts, here: readonly ImportFact[], entity: Entity): Reference | undefined {
  const module = index.symbols.modules.nameOf(entity.file);
  // The name must lead back to the file, and the file must not need this one.
  if (module === undefined || index.symbols.modules.resolve(file, 0, module) !== entity.file) return undefined;
  const anchor = here.findLast((fact) => fact.level === 0);
  if (!anchor || reaches(index, entity.file, file)) return undefined;
  const line = `${facts.crlf ? "\r\n" : "\n"}from ${module} import ${entity.name}`;
  return { text: entity.name, edits: [insertion(file, anchor.end, line)] };
}

/** Whether loading `from` loads `to`. */
function reaches(index: OrmIndex, from: string, to: string): boolean {
  const seen = new Set([from]);
  const queue = [from];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (file === to || seen.size > 2000) return true;
    for (const fact of index.files.get(file)?.imports ?? []) {
      if (fact.function !== 0) continue;
      const { modules } = index.symbols;
      const names = fact.names?.map(({ name }) => modules.resolve(file!, fact.level, fact.module ? `${fact.module}.${name}` : name)) ?? [];
      for (const target of [modules.resolve(file, fact.level, fact.module), ...names])
        if (target !== undefined && !seen.has(target)) {
          seen.add(target);
          queue.push(target);
        }
    }
  }
  return false;
}
