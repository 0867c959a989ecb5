import type { FileFacts } from "../../python/index.js";
import { buildEntities } from "../entities/build.js";
import { Classes, type ClassRef } from "../entities/classes.js";
import type { Entity, EntityId } from "../entities/entity.js";
import { idOf } from "../entities/mapping.js";
import type { DeclaredTable } from "../entities/tables.js";
import { loaderMentions } from "./mentions.js";
import { Symbols, type PythonSymbol } from "./symbols.js";

/** The project as a whole. Built from facts alone, so that every worker can build its own; not serialisable itself. */
export class OrmIndex {
  readonly symbols: Symbols;
  readonly classes: Classes;
  readonly entities: ReadonlyMap<EntityId, Entity>;
  /** `Table(...)` objects in module-level variables. */
  readonly tables: readonly DeclaredTable[];

  constructor(readonly files: ReadonlyMap<string, FileFacts>) {
    this.symbols = new Symbols(files);
    this.classes = new Classes(this.symbols);
    const { byId, tables } = buildEntities(this.symbols, this.classes);
    this.entities = byId;
    this.tables = tables;
  }

  /** Whether some loader option in the project names a relationship of this name; computed once, when first asked. */
  loadedSomewhere(name: string): boolean {
    this.mentions ??= loaderMentions(this.files);
    return this.mentions.has(name);
  }
  private mentions: ReadonlySet<string> | undefined;

  entity(symbol: PythonSymbol | undefined): Entity | undefined {
    const ref = this.classes.of(symbol);
    return ref && this.entities.get(idOf(ref));
  }
  entityOfClass(ref: ClassRef): Entity | undefined {
    return this.entities.get(idOf(ref));
  }
}

/** @param files facts by path; paths use `/` (a caller on Windows turns its backslashes first) */
export function buildOrmIndex(files: ReadonlyMap<string, FileFacts>): OrmIndex {
  return new OrmIndex(files);
}
