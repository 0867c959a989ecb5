import type { FileFacts } from "../../python/index.js";
import { buildEntities } from "../entities/build.js";
import { Classes, type ClassRef } from "../entities/classes.js";
import type { Entity, EntityId } from "../entities/entity.js";
import { idOf } from "../entities/mapping.js";
import { MappingMemory } from "../entities/memory.js";
import type { DeclaredTable } from "../entities/tables.js";
import { withKnownRelationships } from "../incremental/sameEntities.js";
import { declarationsOf } from "./declarations.js";
import { withLibraries } from "./libraries.js";
import { loaderMentions } from "./mentions.js";
import { registrationsIn, type Registration } from "./registrations.js";
import { Symbols, type PythonSymbol } from "./symbols.js";

/** The project as a whole. Built from facts alone, so that every worker can build its own; not serialisable itself. */
export class OrmIndex {
  readonly symbols: Symbols;
  readonly classes: Classes;
  readonly entities: ReadonlyMap<EntityId, Entity>;
  /** `Table(...)` objects in module-level variables. */
  readonly tables: readonly DeclaredTable[];
  private readonly memory: MappingMemory;

  /** `base`: an index of the same files, all of which declare the same, before the text of `edited` changed. */
  constructor(
    readonly files: ReadonlyMap<string, FileFacts>,
    base?: OrmIndex,
    edited?: string,
  ) {
    this.symbols = new Symbols(files, base?.symbols, edited);
    this.classes = new Classes(this.symbols, base?.classes, edited);
    const moved = edited !== undefined && base?.declaringFiles().has(edited) === true;
    this.memory = base?.memory ?? new MappingMemory();
    const { byId, tables } =
      base && !moved ? { byId: base.entities, tables: base.tables } : buildEntities(this.symbols, this.classes, this.memory);
    this.entities = base && moved ? withKnownRelationships(base.entities, byId) : byId;
    this.declaring = base?.declaring;
    this.tables = tables;
  }

  /**
   * The index after an edit of one file: quick where the edit is inside functions, which most are. Undefined where it has to be built anew.
   */
  withFile(file: string, facts: FileFacts): OrmIndex | undefined {
    const before = this.files.get(file);
    // A table may be part of mappings of other files.
    if (!before || this.tables.some((table) => table.file === file) || declarationsOf(before) !== declarationsOf(facts)) return undefined;
    return new OrmIndex(new Map(this.files).set(file, facts), this, file);
  }

  /** Files of classes that entities are made of, mixins and late relationships included: what they say carries positions. */
  private declaringFiles(): ReadonlySet<string> {
    if (this.declaring) return this.declaring;
    const files = new Set<string>();
    for (const entity of this.entities.values()) {
      const ref = this.classes.of({ kind: "class", file: entity.file, index: entity.class });
      for (const at of ref ? this.classes.linear(ref) : []) files.add(at.file);
      for (const relationship of entity.relationships.values()) files.add(relationship.file);
    }
    return (this.declaring = files);
  }
  private declaring: ReadonlySet<string> | undefined;

  /**
   * Whether some loader option in the project names a relationship of this name, on another one where `above` says so; computed once, when
   * first asked.
   */
  loadedSomewhere(name: string, above?: string): boolean {
    this.mentions ??= loaderMentions(this.files);
    return this.mentions.has(above === undefined ? name : `${above}>${name}`);
  }
  private mentions: ReadonlySet<string> | undefined;

  /** What code gives to all templates; computed once, when first asked. */
  registrations(): readonly Registration[] {
    return (this.registered ??= [...this.files].flatMap(([file, facts]) => registrationsIn(file, facts)));
  }
  private registered: readonly Registration[] | undefined;

  /** The entities that inherit from one, near or far. */
  descendants(id: EntityId): readonly Entity[] {
    if (!this.children) {
      this.children = new Map();
      for (const entity of this.entities.values())
        for (const parent of entity.parents) {
          const list = this.children.get(parent);
          if (list) list.push(entity);
          else this.children.set(parent, [entity]);
        }
    }
    return this.children.get(id) ?? [];
  }
  private children: Map<EntityId, Entity[]> | undefined;

  /** The entity of this name; undefined where there is none, or more than one. */
  onlyEntityNamed(name: string): EntityId | undefined {
    this.names ??= countNames(this.entities);
    return this.names.get(name);
  }
  private names: ReadonlyMap<string, EntityId | undefined> | undefined;

  entity(symbol: PythonSymbol | undefined): Entity | undefined {
    const ref = this.classes.of(symbol);
    return ref && this.entities.get(idOf(ref));
  }
  entityOfClass(ref: ClassRef): Entity | undefined {
    return this.entities.get(idOf(ref));
  }
}

function countNames(entities: ReadonlyMap<EntityId, Entity>): ReadonlyMap<string, EntityId | undefined> {
  const names = new Map<string, EntityId | undefined>();
  for (const { name, id } of entities.values()) names.set(name, names.has(name) ? undefined : id);
  return names;
}

/** @param files facts by path; paths use `/` (a caller on Windows turns its backslashes first) */
export function buildOrmIndex(files: ReadonlyMap<string, FileFacts>): OrmIndex {
  return new OrmIndex(withLibraries(files));
}
