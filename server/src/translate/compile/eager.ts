import { declarationOf } from "../mapping/declaration.js";
import type { Mapping } from "../mapping/mapping.js";
import { onClause, targetOf } from "../mapping/relationships.js";
import { classCondition } from "../mapping/inheritance.js";
import { refuse, type EntityUse, type From, type LoadOption, type Select, type Sql } from "../sql/ir.js";
import { adapted } from "../sql/adapt.js";
import { columnsIn, junction } from "../sql/make.js";
import { baseTable, leavesOf } from "../mapping/keys.js";
import { partsOf } from "./froms.js";
import { entityColumns } from "./entityColumns.js";
import type { Relationship } from "../../orm/index.js";

/** What loading with joins adds to a statement, while it is collected. */
interface Eager {
  readonly mapping: Mapping;
  froms: From[];
  readonly columns: Sql[];
  /** Columns of the joins' own side, which are selected though options leave them out. */
  readonly needed: Sql[];
  /** What stands behind such a join. */
  readonly joined: Set<EntityUse>;
  readonly order: Sql[];
  many: boolean;
}

const joinedByDefault = (relationship: Relationship) => relationship.lazy === "joined" || relationship.lazy === "False";

const columnStrategies = new Set(["load_only", "defer", "undefer", "undefer_group"]);

interface Step {
  readonly strategy: string;
  readonly option?: LoadOption;
}

/** How a relationship is loaded at this place: by the last option that names it, by a wildcard, by its declaration. */
export function stepOf(relationship: Relationship, options: readonly LoadOption[]): Step {
  const all = options.filter((option) => option.names.includes(relationship.name) && !columnStrategies.has(option.strategy));
  const last = all.findLast(({ strategy }) => strategy !== "defaultload") ?? all.at(-1);
  // Each of several options goes on from here: `joinedload(A.b).joinedload(B.c)` beside `joinedload(A.b).load_only(B.d)`.
  const named = last && { ...last, next: all.flatMap(({ next }) => next) };
  if (named && named.strategy !== "defaultload") {
    if (named.names.length > 1) return refuse(`${named.strategy}() with a path of several relationships`);
    return { strategy: named.strategy, option: named };
  }
  const every = options.findLast((option) => option.names.includes("*") && /load$/.test(option.strategy));
  const own = every ? every.strategy : joinedByDefault(relationship) ? "joinedload" : "other";
  return { strategy: own, ...(named ? { option: named } : {}) };
}

/** Declared ones stand before the columns, those that a backref made behind them. */
function relationshipsOf(mapping: Mapping, use: EntityUse): { before: Relationship[]; after: Relationship[] } {
  const before: Relationship[] = [];
  const after: Relationship[] = [];
  for (const relationship of use.entity.relationships.values()) {
    const declared = relationship.owner === use.entity.id || use.entity.parents.includes(relationship.owner);
    const reversed = declared && isReversed(mapping, use, relationship);
    (reversed ? after : before).push(relationship);
  }
  return { before, after };
}
function isReversed(mapping: Mapping, use: EntityUse, relationship: Relationship): boolean {
  return declarationOf(mapping, use, relationship).reversed;
}

/** Whether anything about loading with joins can matter: most entities have no such relationship. */
function mayJoin(use: EntityUse, options: readonly LoadOption[]): boolean {
  return (
    options.some(({ strategy }) => strategy === "joinedload" || strategy === "contains_eager" || strategy === "defaultload") ||
    [...use.entity.relationships.values()].some(joinedByDefault)
  );
}

/** The columns of an entity with those that come along with it, in the order in which SQLAlchemy goes through its attributes. */
export function loadedColumns(eager: Eager, use: EntityUse, options: readonly LoadOption[], into: Sql[], path: readonly string[]): void {
  const columns = entityColumns(eager.mapping, use, options, false);
  const computed = columns.filter((sql) => sql.kind !== "column");
  if (!mayJoin(use, options)) {
    into.push(...columns);
    return;
  }
  const { before, after } = relationshipsOf(eager.mapping, use);
  const active = (list: readonly Relationship[]) =>
    list.filter((one) => ["joinedload", "contains_eager"].includes(stepOf(one, options).strategy));
  if (computed.length > 0 && active(before).some((one) => stepOf(one, options).strategy === "contains_eager" || path.length > 0))
    return refuse(`${use.entity.name} has computed attributes between those that are loaded with a join`);
  // Columns of the statement's own entity stand before those that joins add; of a joined one they stand behind.
  for (const relationship of active(before)) follow(eager, use, relationship, options, into, path);
  into.push(...columns);
  for (const relationship of active(after)) follow(eager, use, relationship, options, into, path);
}

function follow(
  eager: Eager,
  use: EntityUse,
  relationship: Relationship,
  options: readonly LoadOption[],
  into: Sql[],
  path: readonly string[],
): void {
  const { strategy, option } = stepOf(relationship, options);
  const { mapping } = eager;
  const entity = targetOf(mapping, relationship);
  if (strategy === "contains_eager") {
    const target = option?.ofType ?? mapping.use(entity);
    loadedColumns(eager, target, option?.next ?? [], into, [...path, use.entity.id]);
    return;
  }
  // A default does not go round in circles; an option goes as far as it is written.
  if (!option && [...path, use.entity.id].includes(entity.id)) return;
  if (option?.ofType) return refuse("joinedload() of a subclass or alias");
  const target = mapping.alias(entity);
  const declaration = declarationOf(mapping, use, relationship);
  const innerDeclared = declaration.argument("innerjoin");
  const inner = option?.innerJoin ?? (innerDeclared?.kind === "constant" && innerDeclared.value === true);
  if (inner && path.length > 0) return refuse(`${relationship.name} is loaded with an inner join inside of another join`);
  if (innerDeclared && innerDeclared.kind !== "constant") return refuse(`innerjoin= of ${relationship.name}`);
  addJoin(eager, use, relationship, target, !inner, criteriaOf(mapping, option, target));
  if (relationship.collection !== false) eager.many = true;
  eager.order.push(...mapping.orderOf(use, relationship.name, target));
  const own: Sql[] = [];
  loadedColumns(eager, target, option?.next ?? [], own, [...path, use.entity.id]);
  (path.length === 0 ? eager.columns : into === eager.columns ? eager.columns : into).push(...own);
}

/** What `.and_(…)` adds, about the alias that is joined. */
function criteriaOf(mapping: Mapping, option: LoadOption | undefined, target: EntityUse): readonly Sql[] {
  const plain = mapping.use(target.entity);
  const moved = new Map<object, object>([
    [plain.selectable, target.selectable],
    [plain, target],
  ]);
  return (option?.criteria ?? []).map((sql) => adapted(sql, moved));
}

/** Columns of the owner's tables in a condition: where a table is joined with itself, those of both sides. */
function columnsOfOwner(use: EntityUse, on: Sql): readonly Sql[] {
  const leaves = leavesOf(use.selectable);
  return columnsIn(on).flatMap((column) => {
    const leaf = leaves.find((one) => one === column.from || (baseTable(one) !== undefined && baseTable(one) === baseTable(column.from)));
    return leaf ? [{ ...column, from: leaf }] : [];
  });
}

function addJoin(
  eager: Eager,
  use: EntityUse,
  relationship: Relationship,
  target: EntityUse,
  outer: boolean,
  criteria: readonly Sql[],
): void {
  const { on, secondary, secondaryOn } = onClause(
    eager.mapping,
    { kind: "relationship", owner: use, name: relationship.name, criteria: [] },
    target,
  );
  const own = classCondition(eager.mapping, target);
  const full = junction("AND", [on, ...(own ? [own] : []), ...criteria]);
  if (!eager.joined.has(use)) eager.needed.push(...columnsOfOwner(use, secondaryOn ?? on));
  eager.joined.add(target);
  const right: From = secondary
    ? { kind: "join", left: secondary, right: target.selectable, on: full, outer: false, full: false }
    : target.selectable;
  const at = eager.froms.findIndex((from) => partsOf(from).includes(use.selectable));
  if (at < 0) return refuse(`${relationship.name} is loaded with a join, but its owner is not in FROM`);
  eager.froms = eager.froms.map((from, index) =>
    index === at ? { kind: "join", left: from, right, on: secondaryOn ?? full, outer, full: false } : from,
  );
}

/** What a statement selects by itself, and what loading with joins adds to it. */
export interface EagerParts {
  readonly primary: readonly Sql[];
  readonly secondary: readonly Sql[];
  readonly before: readonly From[];
  readonly froms: readonly From[];
  readonly order: readonly Sql[];
  /** A collection is among it. */
  readonly many: boolean;
}

/** Relationships that are loaded with a JOIN of the same statement. */
export function withEagerJoins(
  mapping: Mapping,
  select: Select,
  froms: readonly From[],
  written: readonly From[],
  columnsOf: (from: From) => readonly Sql[],
): EagerParts {
  const eager: Eager = { mapping, froms: [...froms], columns: [], needed: [], joined: new Set(), order: [], many: false };
  const columns: Sql[] = [];
  for (const selected of select.columns) {
    if (selected.kind === "sql") columns.push(selected.sql);
    else if (selected.kind === "from") columns.push(...columnsOf(selected.from));
    else loadedColumns(eager, selected.use, optionsFor(select, selected.use), columns, []);
  }
  // Columns that a join begins with are loaded, whatever the options leave out.
  for (const one of eager.needed) if (![...columns, ...eager.columns].some((other) => isSameColumn(one, other))) columns.push(one);
  if (mapping.version === "2.1" && eager.froms.some((from, at) => from !== froms[at]) && select.distinct !== false && !eager.many)
    return refuse("DISTINCT together with loading by a join");
  const order = inOrder(froms, eager.froms, written);
  return {
    primary: select.once ? distinctColumns(columns) : columns,
    secondary: select.once ? distinctColumns(eager.columns) : eager.columns,
    before: order.map((at) => froms[at]!),
    froms: order.map((at) => eager.froms[at]!),
    order: eager.order,
    many: eager.many,
  };
}
export const isSameColumn = (a: Sql, b: Sql) => a.kind === "column" && b.kind === "column" && a.from === b.from && a.name === b.name;

/** What is joined with stands behind the other items that the query names, before those that it only implies: places in that order. */
function inOrder(froms: readonly From[], joined: readonly From[], written: readonly From[]): readonly number[] {
  const group = (at: number) => (joined[at] !== froms[at] ? 1 : written.includes(froms[at]!) ? 0 : 2);
  return [...joined.keys()].sort((a, b) => group(a) - group(b));
}

const distinctColumns = (columns: readonly Sql[]): readonly Sql[] =>
  columns.filter((one, at) => columns.findIndex((other) => one === other || isSameColumn(one, other)) === at);

/** The options of a query that are about an entity of it. */
export const optionsFor = (select: Select, use: EntityUse): readonly LoadOption[] => {
  const [only] = select.columns;
  return select.options.flatMap((option): readonly LoadOption[] => {
    // `Load(User).joinedload(...)` begins at the entity.
    if (option.strategy === "Load") return option.owner === use ? option.next : [];
    return !option.owner ||
      option.owner === use ||
      (option.owner.entity !== use.entity &&
        only?.kind === "entity" &&
        only.use === use &&
        use.entity.parents.includes(option.owner.entity.id))
      ? [option]
      : [];
  });
};
