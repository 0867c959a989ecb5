import { refuse, type EntityUse, type From, type JoinStep, type Select, type Selected, type Sql } from "../sql/ir.js";
import { fromsOf, junction, selectedFroms, usesOf } from "../sql/make.js";
import type { Mapping } from "../mapping/mapping.js";
import { keyCondition } from "../mapping/keys.js";
import { onClause } from "../mapping/relationships.js";
import { classCondition } from "../mapping/inheritance.js";
import { withEagerJoins, type EagerParts } from "./eager.js";
import { partsOf, normalised } from "./froms.js";
import { entityColumns } from "./entityColumns.js";

/** A SELECT without entities: columns, tables, conditions. */
export interface Core {
  readonly columns: readonly Sql[];
  readonly froms: readonly From[];
  readonly where: readonly Sql[];
  /** Orders of collections that are loaded with the statement. */
  readonly order: readonly Sql[];
  /** What is loaded with joins. */
  readonly eager?: EagerParts;
}

export const selectableOf = (item: EntityUse | From): From => ("kind" in item ? item : item.selectable);
export const isUse = (item: EntityUse | From): item is EntityUse => !("kind" in item);

/** @param columnsOf the columns of a table, alias or subquery that is selected as a whole */
export function planSelect(
  mapping: Mapping,
  select: Select,
  columnsOf: (from: From) => readonly Sql[],
  place: "top" | "from" | "inner",
): Core {
  const joined = joinAll(mapping, select);
  const inColumns = select.columns.flatMap((one) => (one.kind === "sql" ? selectedFroms(one.sql) : fallbackOf(one)));
  // Where nothing else begins FROM, entities come before subqueries and functions.
  const entities = joined.length > 0 ? [] : select.columns.flatMap(entitiesOf);
  const froms = normalised([...joined, ...entities, ...inColumns, ...select.where.flatMap(fromsOf)]);
  const where = [...select.where, ...classConditions(mapping, select)];
  const plain = select.options.some(({ strategy }) => strategy === "no eager");
  if (place === "top" && !plain) {
    const eager = withEagerJoins(mapping, select, froms, normalised(joined), columnsOf);
    return { columns: [...eager.primary, ...eager.secondary], froms: eager.froms, where, order: eager.order, eager };
  }
  const columns = select.columns.flatMap((selected): readonly Sql[] => {
    if (selected.kind === "entity") return entityColumns(mapping, selected.use, select.options, place === "from");
    return selected.kind === "from" ? columnsOf(selected.from) : [selected.sql];
  });
  return { columns, froms, where, order: [] };
}

const entitiesOf = (selected: Selected): readonly From[] => {
  if (selected.kind === "from") return [];
  return selected.kind === "entity" ? [selected.use.selectable] : usesOf(selected.sql).map(({ selectable }) => selectable);
};
const fallbackOf = (selected: Selected & { kind: "entity" | "from" }): readonly From[] =>
  selected.kind === "entity" ? [selected.use.selectable] : [selected.from];

/** Rows of a class that shares its table with others: one condition for each entity that is selected or joined. */
function classConditions(mapping: Mapping, select: Select): readonly Sql[] {
  const uses = new Set<EntityUse>();
  for (const selected of select.columns) {
    if (selected.kind === "entity") uses.add(selected.use);
    if (selected.kind === "sql") for (const use of usesOf(selected.sql)) uses.add(use);
  }
  for (const from of select.from) if (isUse(from)) uses.add(from);
  // What is joined has it in the ON clause.
  for (const step of select.joins) if (isUse(step.right)) uses.delete(step.right);
  return [...uses].flatMap((use) => classCondition(mapping, use) ?? []);
}

function joinAll(mapping: Mapping, select: Select): From[] {
  let froms = normalised(select.from.map(selectableOf));
  const seen = new Set<string>();
  for (const step of select.joins) {
    // The same way a second time is left out.
    if (step.on?.kind === "relationship") {
      const edge = `${idOf(step.on.owner)} ${idOf(step.right)} ${step.on.name}`;
      if (seen.has(edge)) continue;
      seen.add(edge);
    }
    froms = joinOne(mapping, select, froms, step);
  }
  return froms;
}

const ids = new WeakMap<object, number>();
let nextId = 0;
function idOf(thing: object): number {
  const known = ids.get(thing);
  if (known !== undefined) return known;
  ids.set(thing, ++nextId);
  return nextId;
}

function joinOne(mapping: Mapping, select: Select, froms: readonly From[], step: JoinStep): From[] {
  const right = selectableOf(step.right);
  const kind = { outer: step.outer, full: step.full };
  const written = step.on;
  if (written?.kind === "relationship" || step.left) {
    const owner = written?.kind === "relationship" ? written.owner.selectable : selectableOf(step.left!);
    const matching = froms.flatMap((from, at) => (matches(from, owner) ? [at] : []));
    if (matching.length > 1) return refuse("it is not clear which FROM item a join begins with");
    const [at] = matching;
    const left = at === undefined ? owner : froms[at]!;
    const join = makeJoin(mapping, left, right, step, kind);
    return at === undefined ? [...froms, join] : froms.map((from, index) => (index === at ? join : from));
  }
  if (froms.length > 0) {
    const at = leftFor(mapping, froms, right, written);
    return froms.map((from, index) => (index === at ? makeJoin(mapping, from, right, step, kind) : from));
  }
  const candidates = [
    ...new Set(select.columns.flatMap((one) => (one.kind === "sql" ? (fromsOf(one.sql)[0] ?? []) : fallbackOf(one)))),
  ].filter((from) => from !== right);
  if (candidates.length === 0) return refuse("a join has nothing to begin with");
  const at = leftFor(mapping, candidates, right, written);
  return [makeJoin(mapping, candidates[at]!, right, step, kind)];
}

/** Whether the join's left side stands in this item. */
const matches = (from: From, owner: From) =>
  partsOf(from).includes(owner) || (owner.kind === "join" && partsOf(owner).some((part) => part === from));

function leftFor(mapping: Mapping, froms: readonly From[], right: From, on: Sql | undefined): number {
  if (on && froms.length === 1) return 0;
  const fit = froms.flatMap((from, at) => {
    if (from === right) return [];
    if (!on) return canJoin(mapping, from, right) ? [at] : [];
    const allowed = new Set([...partsOf(from), ...partsOf(right)]);
    return fromsOf(on).every((one) => allowed.has(one)) ? [at] : [];
  });
  if (fit.length === 1) return fit[0]!;
  return refuse(
    fit.length === 0
      ? "no FROM item can be joined with the target of a join"
      : "more than one FROM item can be joined with the target of a join",
  );
}

function canJoin(mapping: Mapping, left: From, right: From): boolean {
  return keyCondition(mapping, left, right) !== undefined;
}

function makeJoin(mapping: Mapping, left: From, right: From, step: JoinStep, kind: { outer: boolean; full: boolean }): From {
  const written = step.on;
  if (written?.kind !== "relationship") {
    const on = written ?? keyCondition(mapping, left, right) ?? refuse("no foreign key leads from one table of a join to the other");
    return { kind: "join", left, right, on: withClass(mapping, step, on), ...kind };
  }
  const target = isUse(step.right) ? step.right : refuse("a relationship is joined to something that is no entity");
  const { on, secondary, secondaryOn } = onClause(mapping, written, target);
  const full = withClass(mapping, step, junction("AND", [on, ...written.criteria]));
  if (!secondary) return { kind: "join", left, right, on: full, ...kind };
  // Outer joins keep the pair together: LEFT OUTER JOIN (secondary JOIN target ON …) ON ….
  if (step.outer || step.full) {
    const inner: From = { kind: "join", left: secondary, right, on: full, outer: false, full: false };
    return { kind: "join", left, right: inner, on: secondaryOn!, ...kind };
  }
  const first: From = { kind: "join", left, right: secondary, on: secondaryOn!, ...kind };
  return { kind: "join", left: first, right, on: full, ...kind };
}

/** A class that shares its table with others is told apart in the ON clause. */
function withClass(mapping: Mapping, step: JoinStep, on: Sql): Sql {
  const condition = isUse(step.right) ? classCondition(mapping, step.right) : undefined;
  return condition ? junction("AND", [on, condition]) : on;
}
