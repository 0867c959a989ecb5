import { forEachExpr, type CallExpr } from "../../python/index.js";
import { Symbols } from "../project/symbols.js";
import { Classes, dottedOf, type ClassRef } from "./classes.js";
import { directionOf, localKeys, reverseOf } from "./directions.js";
import type { Entity, EntityId, Relationship } from "./entity.js";
import { fieldsOf } from "./fields.js";
import { readMembers } from "./members.js";
import { idOf, imperativeMapping, isImperative, lateRelationships, mappingOf, type Mapping } from "./mapping.js";
import type { RelationshipDraft } from "./relationships.js";
import { tablesOf, type DeclaredTable } from "./tables.js";

export interface Entities {
  readonly byId: ReadonlyMap<EntityId, Entity>;
  readonly tables: readonly DeclaredTable[];
}

/** Reads every class of the project and connects what belongs together. */
export function buildEntities(symbols: Symbols, classes: Classes): Entities {
  const tables = [...symbols.files].flatMap(([file, facts]) => tablesOf(symbols, file, facts));
  const byVariable = new Map(
    tables.flatMap((table) => (table.variable === undefined ? [] : [[`${table.file}\n${table.variable}`, table] as const])),
  );
  const mappings = collectMappings(symbols, classes, byVariable);
  const registry = new Registry(symbols, classes, mappings);
  const relationships = new Map<EntityId, Map<string, Relationship>>();
  for (const id of mappings.keys()) relationships.set(id, new Map());
  for (const mapping of mappings.values()) connect(mapping, registry, relationships);
  const byId = new Map<EntityId, Entity>();
  for (const mapping of mappings.values()) byId.set(mapping.id, entityOf(mapping, registry, relationships));
  return { byId, tables };
}

function collectMappings(symbols: Symbols, classes: Classes, tables: ReadonlyMap<string, DeclaredTable>): Map<EntityId, Mapping> {
  const mappings = new Map<EntityId, Mapping>();
  for (const [file, facts] of symbols.files) {
    facts.classes.forEach((fact, index) => {
      const mapping = mappingOf(classes, { file, index, fact }, tables);
      if (mapping) mappings.set(mapping.id, mapping);
    });
    if (!facts.imports.some((fact) => fact.module.startsWith("sqlalchemy") || fact.names?.some((name) => name.name === "mapper"))) continue;
    if (!facts.words.some(isImperative)) continue;
    const visit = (call: CallExpr) => {
      const mapping = imperativeMapping(classes, file, call, tables);
      if (mapping && !mappings.has(mapping.id)) mappings.set(mapping.id, mapping);
    };
    for (const fn of facts.functions) forEachExpr(fn.body, (expr) => expr.kind === "call" && visit(expr));
  }
  inheritMappings(classes, mappings);
  for (const file of symbols.files.keys())
    lateRelationships(classes, file, (ref, draft) => mappings.get(idOf(ref))?.drafts.set(draft.name, draft));
  return mappings;
}

/** Children of an entity without a table of their own (single-table inheritance) are entities too. */
function inheritMappings(classes: Classes, mappings: Map<EntityId, Mapping>): void {
  for (const [file, facts] of classes.symbols.files)
    facts.classes.forEach((fact, index) => {
      if (fact.bases.length === 0) return;
      const ref = { file, index, fact };
      if (mappings.has(idOf(ref))) return;
      const parent = classes.linear(ref).find((at) => mappings.has(idOf(at)));
      const from = parent && mappings.get(idOf(parent));
      if (from) mappings.set(idOf(ref), inherited(classes, ref, from));
    });
}

function inherited(classes: Classes, ref: ClassRef, from: Mapping): Mapping {
  const members = readMembers(classes, ref, fieldsOf(classes, ref));
  return { ...from, ref, id: idOf(ref), columns: new Map(from.columns), drafts: new Map(from.drafts), members };
}

/** Finds the class that a relationship's target names, as the declarative registry would. */
class Registry {
  private readonly byName = new Map<string, Mapping[]>();
  constructor(
    private readonly symbols: Symbols,
    private readonly classes: Classes,
    readonly mappings: ReadonlyMap<EntityId, Mapping>,
  ) {
    for (const mapping of mappings.values()) {
      const list = this.byName.get(mapping.ref.fact.name) ?? [];
      list.push(mapping);
      this.byName.set(mapping.ref.fact.name, list);
    }
  }

  /** The mapping itself, then the mapped classes it inherits from. */
  lineage(mapping: Mapping): readonly Mapping[] {
    return this.classes.linear(mapping.ref).flatMap((ref) => this.mappings.get(idOf(ref)) ?? []);
  }

  target(draft: RelationshipDraft, owner: Mapping): Mapping | undefined {
    const { target } = draft;
    if (target === undefined) return undefined;
    if (typeof target === "string") return this.named(target, owner.ref);
    const ref = this.classes.of(this.symbols.resolve(draft.file, target));
    return (ref && this.mappings.get(idOf(ref))) ?? this.named(dottedOf(target), owner.ref);
  }

  private named(path: string, from: ClassRef): Mapping | undefined {
    const parts = path.split(".");
    const candidates = this.byName.get(parts.at(-1)!) ?? [];
    if (candidates.length <= 1) return candidates[0];
    const module = parts.slice(0, -1).join("/");
    const inModule = module
      ? candidates.filter((one) => one.ref.file.includes(`${module}.py`) || one.ref.file.includes(`${module}/`))
      : candidates;
    if (inModule.length === 1) return inModule[0];
    const seen = this.classes.of(this.symbols.lookup(from.file, parts.at(-1)!));
    return (seen && this.mappings.get(idOf(seen))) ?? closest(inModule, from.file);
  }
}

/** Of several classes of one name the one whose file lies nearest, where one does. */
function closest(candidates: readonly Mapping[], file: string): Mapping | undefined {
  const common = (other: string) => {
    let at = 0;
    while (at < file.length && file[at] === other[at]) at++;
    return file.slice(0, at).split("/").length;
  };
  const ranked = candidates
    .map((one) => ({ one, depth: one.ref.file === file ? Infinity : common(one.ref.file) }))
    .sort((a, b) => b.depth - a.depth);
  return ranked[0] && ranked[0].depth > (ranked[1]?.depth ?? -1) ? ranked[0].one : undefined;
}

function connect(mapping: Mapping, registry: Registry, relationships: Map<EntityId, Map<string, Relationship>>): void {
  const owner = registry.lineage(mapping);
  for (const draft of mapping.drafts.values()) {
    const target = registry.target(draft, mapping);
    const lineage = target ? registry.lineage(target) : [];
    const collection = directionOf(draft, owner, lineage);
    const inverse = draft.backPopulates ?? draft.backref?.name;
    const relationship: Relationship = {
      name: draft.name,
      owner: mapping.id,
      targetName: target?.ref.fact.name ?? (typeof draft.target === "string" ? draft.target : draft.target ? dottedOf(draft.target) : ""),
      ...(target ? { target: target.id } : {}),
      ...(collection === undefined ? {} : { collection }),
      loading: draft.loading,
      ...(draft.lazy === undefined ? {} : { lazy: draft.lazy }),
      ...(inverse === undefined ? {} : { inverse }),
      viewonly: draft.viewonly,
      secondary: draft.secondary,
      localKeys: collection === false ? localKeys(draft, mapping, lineage) : [],
      customJoin: draft.customJoin,
      file: draft.file,
      span: { start: draft.start, end: draft.end },
    };
    relationships.get(mapping.id)!.set(draft.name, relationship);
    // A child inherits its parent's relationships, not their backrefs.
    const inherited = owner.slice(1).some((parent) => parent.drafts.get(draft.name)?.backref !== undefined);
    const reverse = !inherited && target && reverseOf(draft, relationship, mapping, target);
    if (reverse && !target.drafts.has(reverse.name)) relationships.get(target.id)!.set(reverse.name, reverse);
  }
}

function entityOf(mapping: Mapping, registry: Registry, relationships: ReadonlyMap<EntityId, Map<string, Relationship>>): Entity {
  const lineage = registry.lineage(mapping);
  const all = new Map<string, Relationship>();
  // Backrefs put on a parent are seen on its children.
  for (const at of [...lineage].reverse()) for (const [name, relationship] of relationships.get(at.id)!) all.set(name, relationship);
  const { ref, args } = mapping;
  return {
    id: mapping.id,
    name: ref.fact.name,
    file: ref.file,
    class: ref.index,
    span: { start: ref.fact.nameStart, end: ref.fact.nameStart + ref.fact.name.length },
    ...(mapping.table === undefined ? {} : { table: mapping.table }),
    ...(mapping.schema === undefined ? {} : { schema: mapping.schema }),
    parents: lineage.slice(1).map((one) => one.id),
    columns: mapping.columns,
    relationships: all,
    ...mapping.members,
    indexes: args.indexes,
    uniques: args.uniques,
  };
}
