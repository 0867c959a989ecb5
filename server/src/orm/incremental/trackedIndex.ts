import type { Classes, ClassRef } from "../entities/classes.js";
import type { Entity, EntityId } from "../entities/entity.js";
import type { OrmIndex } from "../project/ormIndex.js";
import type { PythonSymbol, Symbols } from "../project/symbols.js";
import type { Memory } from "./memory.js";
import { classUnit, constructionUnit, entityUnit, signatureUnit, variableUnit } from "./units.js";

/** Entities that know who has looked at them. */
class TrackedEntities extends Map<EntityId, Entity> {
  constructor(
    private readonly base: ReadonlyMap<EntityId, Entity>,
    private readonly memory: Memory,
  ) {
    super();
  }
  override get(id: EntityId): Entity | undefined {
    this.memory.use(entityUnit(id));
    return this.base.get(id);
  }
  override has(id: EntityId): boolean {
    return this.base.has(id);
  }
  override get size(): number {
    return this.base.size;
  }
  override *[Symbol.iterator](): MapIterator<[EntityId, Entity]> {
    for (const [id, entity] of this.base) {
      this.memory.use(entityUnit(id));
      yield [id, entity];
    }
  }
  override entries(): MapIterator<[EntityId, Entity]> {
    return this[Symbol.iterator]();
  }
  override *keys(): MapIterator<EntityId> {
    yield* this.base.keys();
  }
  override *values(): MapIterator<Entity> {
    for (const [, entity] of this) yield entity;
  }
  override forEach(callback: (value: Entity, key: EntityId, map: Map<EntityId, Entity>) => void): void {
    for (const [id, entity] of this) callback(entity, id, this);
  }
}

/** The same index, which tells `memory` what is looked at: results of an evaluation depend on that and on nothing else. */
export function trackedIndex(base: OrmIndex, memory: Memory): OrmIndex {
  const classes = trackedClasses(base.classes, memory);
  const overrides = {
    classes,
    symbols: trackedSymbols(base.symbols, memory),
    entities: new TrackedEntities(base.entities, memory),
    entity(symbol: PythonSymbol | undefined): Entity | undefined {
      const entity = base.entity(symbol);
      if (entity) memory.use(entityUnit(entity.id));
      return entity;
    },
    entityOfClass(ref: ClassRef): Entity | undefined {
      const entity = base.entityOfClass(ref);
      if (entity) memory.use(entityUnit(entity.id));
      return entity;
    },
    descendants(id: EntityId): readonly Entity[] {
      const entities = base.descendants(id);
      for (const entity of entities) memory.use(entityUnit(entity.id));
      return entities;
    },
    onlyEntityNamed: (name: string) => base.onlyEntityNamed(name),
    loadedSomewhere: (name: string, above?: string) => base.loadedSomewhere(name, above),
  };
  return Object.assign(Object.create(base) as OrmIndex, overrides);
}

function trackedClasses(base: Classes, memory: Memory): Classes {
  const using = (ref: { readonly file: string; readonly index: number }) => memory.use(classUnit(ref.file, ref.index));
  const overrides: Pick<Classes, "of" | "linear" | "field" | "method" | "descendants" | "isConstructed"> = {
    of(symbol) {
      const ref = base.of(symbol);
      if (ref) using(ref);
      return ref;
    },
    linear(ref) {
      const list = base.linear(ref);
      list.forEach(using);
      return list;
    },
    descendants(ref) {
      const list = base.descendants(ref);
      list.forEach(using);
      return list;
    },
    isConstructed(name) {
      memory.use(constructionUnit(name));
      return base.isConstructed(name);
    },
    field(ref, name) {
      const found = base.field(ref, name);
      if (found) using(found.in);
      return found;
    },
    method(ref, name) {
      const found = base.method(ref, name);
      // Its name and decorators are all that is looked at here; those who run it say so.
      if (found) memory.use(signatureUnit(found.in.file, found.index));
      return found;
    },
  };
  return Object.assign(Object.create(base) as Classes, overrides);
}

function trackedSymbols(base: Symbols, memory: Memory): Symbols {
  const noted = <S extends PythonSymbol | undefined>(symbol: S): S => {
    if (symbol?.kind === "variable") memory.use(variableUnit(symbol.file, symbol.name));
    return symbol;
  };
  const overrides: Pick<Symbols, "lookup" | "imported" | "member" | "resolve"> = {
    lookup: (file, name, seen) => noted(base.lookup(file, name, seen)),
    imported: (file, facts, index, name, seen) => noted(base.imported(file, facts, index, name, seen)),
    member: (of, name, seen) => noted(base.member(of, name, seen)),
    resolve: (file, expr, seen) => noted(base.resolve(file, expr, seen)),
  };
  return Object.assign(Object.create(base) as Symbols, overrides);
}
