import type { CausedStatement } from "#protocol/translation";
import type { EntityId, Relationship } from "../../orm/index.js";
import { compileStatement } from "../compile.js";
import { optionsFor } from "../compile/eager.js";
import { loadedBy } from "../compile/entityColumns.js";
import type { Mapping } from "../mapping/mapping.js";
import { targetOf } from "../mapping/relationships.js";
import { Refusal, type EntityUse, type LoadOption, type Select, type Selected, type Statement } from "../sql/ir.js";
import { isQuery, lazyLoad } from "./lazy.js";
import { followsDefault, kept, isUnderstood, loadingOf, propagated, wildcardsOf, type Loading } from "./loading.js";
import { deferredLoads, forbidsColumns, ofRelationships, refreshed } from "./refresh.js";
import { declaringEntity, selectinLoad } from "./selectin.js";
import { labelsOf } from "./statement.js";
import { subqueryLoad, type Step } from "./subquery.js";

/** More are not told: who reads them? */
const mostCauses = 80;
/** Classes that are visited on the way: joins can go round for as long as `join_depth` lets them. */
const mostVisits = 400;

/**
 * The statements that loading the entities of a statement causes: those that follow it at once, those that reading a relationship or a
 * deferred column of one of its rows sends, and those that load a row again. What cannot be known is left out.
 */
export function causesOf(mapping: Mapping, statement: Statement): CausedStatement[] {
  if (statement.kind === "select" && !statement.options.every(isUnderstood)) return [];
  const causes = new Causes(mapping);
  const entities = loadedEntities(statement);
  for (const use of entities) {
    const options = statement.kind === "select" ? optionsFor(statement, use) : [];
    const plain = statement.kind !== "select" || statement.options.some(({ strategy }) => strategy === "no eager");
    if (!plain) causes.eager(use, options, { path: [], joined: [], original: statement, steps: [], immediate: false });
  }
  for (const use of entities) {
    const options = statement.kind === "select" ? optionsFor(statement, use) : [];
    if (options.length === 0) causes.take(laterAlone(mapping, use));
    else causes.later(use, options);
  }
  return causes.found;
}

const known = new WeakMap<Mapping, Map<string, readonly CausedStatement[]>>();
/** Without options rows of a class cause the same, whatever query they come from. */
function laterAlone(mapping: Mapping, { entity }: EntityUse): readonly CausedStatement[] {
  const byClass = known.get(mapping) ?? new Map<string, readonly CausedStatement[]>();
  known.set(mapping, byClass);
  const key = `${mapping.version} ${entity.id}`;
  const before = byClass.get(key);
  if (before) return before;
  const causes = new Causes(mapping);
  causes.later(mapping.use(entity), []);
  byClass.set(key, causes.found);
  return causes.found;
}

function loadedEntities(statement: Statement): readonly EntityUse[] {
  const selected: readonly Selected[] =
    statement.kind === "select" ? statement.columns : "returning" in statement ? statement.returning : [];
  return selected.flatMap((one) => (one.kind === "entity" ? [one.use] : []));
}

interface Way {
  /** Entities from the query's own to this one. */
  readonly path: readonly EntityId[];
  /** Those of them that the same statement loads. */
  readonly joined: readonly EntityId[];
  /** The statement that loads this one, and what it joins on the way; a subquery load repeats both. */
  readonly original: Select;
  readonly steps: readonly Step[];
  readonly immediate: boolean;
}

class Causes {
  readonly found: CausedStatement[] = [];
  private readonly known = new Set<string>();
  private visits = 0;

  constructor(private readonly mapping: Mapping) {}

  private add(kind: CausedStatement["kind"], select: () => Select, about: Pick<CausedStatement, "relationship" | "when"> = {}): void {
    if (this.found.length >= mostCauses) return;
    const compiled = attempt(() => compileStatement(this.mapping, select()));
    if (!compiled) return;
    const { sql, parameters } = compiled;
    this.take([{ kind, ...about, sql, ...(parameters.length > 0 ? { parameters: [...parameters] } : {}) }]);
  }

  /** Each once. */
  take(causes: readonly CausedStatement[]): void {
    for (const cause of causes) {
      const key = `${cause.kind} ${cause.relationship ?? ""} ${cause.sql}`;
      if (this.known.has(key) || this.found.length >= mostCauses) continue;
      this.known.add(key);
      this.found.push(cause);
    }
  }

  /** Statements that follow the query by themselves. */
  eager(use: EntityUse, options: readonly LoadOption[], way: Way): void {
    if (++this.visits > mostVisits) return;
    const path = [...way.path, use.entity.id];
    const joined = [...way.joined, use.entity.id];
    for (const relationship of use.entity.relationships.values()) {
      const loading = attempt(() => loadingOf(this.mapping, relationship, options));
      if (!loading || this.found.length >= mostCauses) continue;
      const target = attempt(() => this.mapping.use(targetOf(this.mapping, relationship)));
      if (!target) continue;
      const steps = [...way.steps, { owner: use, loading }];
      if (loading.by === "joined" || loading.by === "contains_eager") {
        const goes = loading.named || attempt(() => followsDefault(this.mapping, use, loading, joined));
        if (goes) this.eager(target, loading.next, { ...way, path, joined, steps });
      } else if (["selectin", "subquery", "immediate"].includes(loading.by)) {
        if (!loading.named && !attempt(() => followsDefault(this.mapping, use, loading, path))) continue;
        // Rows that are loaded one by one load nothing else one by one.
        if (way.immediate && loading.by === "immediate") continue;
        const next = [...wildcardsOf(options), ...propagated(loading.next)];
        const own = { ...loading, next };
        const select = attempt(() => this.eagerSelect(use, own, options, way));
        if (!select) continue;
        this.add("eager-load", () => select, { relationship: nameOf(this.mapping, use, relationship) });
        const goesOn = loading.by === "subquery" ? { original: way.original, steps } : { original: select, steps: [] };
        this.eager(target, next, { path, joined: [], immediate: way.immediate || loading.by === "immediate", ...goesOn });
      }
    }
  }

  private eagerSelect(use: EntityUse, loading: Loading, options: readonly LoadOption[], way: Way): Select {
    if (loading.by === "immediate") return lazyLoad(this.mapping, use, loading);
    if (loading.by === "subquery") return subqueryLoad(this.mapping, way.original, [...way.steps, { owner: use, loading }]);
    const loaded = loadedBy(use, options);
    const has = (name: string) => use.columns.some((one) => one.column.column === name && loaded(one));
    return selectinLoad(this.mapping, use, loading, has);
  }

  /** Statements that reading one of the rows later on sends. */
  later(entity: EntityUse, given: readonly LoadOption[]): void {
    const use = this.mapping.use(entity.entity);
    const options = kept(given);
    // A row that also comes along another way has the options of that way.
    const ambiguous = options.length > 0 && comesAgain(use, options);
    for (const relationship of use.entity.relationships.values()) {
      if (relationship.collection === false && forbidsColumns(given)) continue;
      const loading = attempt(() => loadingOf(this.mapping, relationship, given));
      if (!loading || !(loading.by === "select" || isQuery(loading)) || (ambiguous && loading.next.length > 0)) continue;
      const about = { relationship: nameOf(this.mapping, use, relationship) };
      this.add("lazy-load", () => lazyLoad(this.mapping, use, { ...loading, next: propagated(loading.next) }), about);
    }
    for (const { attribute, select } of deferredLoads(this.mapping, use, given))
      this.add("refresh", select, { relationship: `${use.entity.name}.${attribute}` });
    if (ambiguous && options.some((option) => changesRow(use, option))) return;
    const row = { relationship: use.entity.name };
    const expired = () => refreshed(this.mapping, use, ofRelationships(options), labelsOf(this.mapping, "second"));
    const asked = () => refreshed(this.mapping, use, options, "second");
    const same = this.mapping.version === "2.1" && ofRelationships(options).length === options.length;
    this.add("refresh", expired, { ...row, when: `after a commit or expire()${same ? ", and by session.refresh()" : ""}` });
    if (!same) this.add("refresh", asked, { ...row, when: "session.refresh()" });
  }
}

/** Whether an option changes what is loaded together with the row itself. */
function changesRow(use: EntityUse, { strategy, names, next }: LoadOption): boolean {
  if (strategy === "joinedload" || strategy === "Load" || ofRelationships([{ strategy, names, next }]).length === 0) return true;
  return names.some((name) => ["joined", "False"].includes(use.entity.relationships.get(name)?.lazy ?? ""));
}

/** Options may lead back to the class that they begin with. */
function comesAgain(use: EntityUse, options: readonly LoadOption[]): boolean {
  return options.some(({ names, owner, next }) =>
    names.some((name) => {
      const relationship = (owner ?? use).entity.relationships.get(name);
      return (
        relationship !== undefined && (relationship.target === use.entity.id || relationship.target === undefined || comesAgain(use, next))
      );
    }),
  );
}

/** By the class that declares it. */
const nameOf = (mapping: Mapping, use: EntityUse, relationship: Relationship): string =>
  `${declaringEntity(mapping, use.entity, relationship).name}.${relationship.name}`;

/** What is not known is left out. */
function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal || error instanceof RangeError) return undefined;
    throw error;
  }
}
