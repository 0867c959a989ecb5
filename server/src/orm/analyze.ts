import type { FileFacts } from "../python/index.js";
import type { EvaluationContext } from "./evaluate/evaluator.js";
import { createContext } from "./evaluate/context.js";
import { equal } from "./incremental/equal.js";
import { Cell } from "./incremental/memory.js";
import { changedUnits, functionUnit } from "./incremental/units.js";
import type { ColumnLoad, Commit, Counted, Effect, Execution, LazyLoad, QueryPlace, RowUse } from "./evaluate/effects.js";
import { Evaluator, newFindings, type Findings } from "./evaluate/evaluator.js";
import type { KeyReads } from "./evaluate/keyReads.js";
import { prepare } from "./evaluate/parameters.js";
import { renderReturned } from "./evaluate/rendering.js";
import { serializeReturned } from "./evaluate/serializers.js";
import { evaluateBody } from "./evaluate/statements.js";
import type { SqlText } from "./evaluate/sqlTexts.js";
import { lostQueries } from "./evaluate/uses.js";
import { distinct, distinctCommits, distinctExecutions, distinctQueries, distinctLoads, placedIn } from "./distinct.js";
import { callsSame, dropShortLists } from "./calls.js";
import { relateRounds } from "./rounds.js";
import { markUnreferenced, mentionSame } from "./references.js";
import type { OrmIndex } from "./project/ormIndex.js";
import { rootOf } from "./values/origins.js";
import type { QueryValue } from "./values/value.js";

/** What the rules look at: the meaning of one file in its project. */
export interface OrmSubject {
  readonly file: string;
  readonly facts: FileFacts;
  readonly index: OrmIndex;
  /** One per relationship of one origin in the whole project: the first place that reads it, per row where there is such a place. */
  readonly loads: readonly LazyLoad[];
  readonly columnLoads: readonly ColumnLoad[];
  /** Those whose loop, or which themselves, stand in the file. */
  readonly executions: readonly Execution[];
  readonly commits: readonly Commit[];
  readonly counted: readonly Counted[];
  readonly queries: readonly QueryPlace[];
  /** Queries that begin in the file, as they are sent, wherever that is: once for each set of options. */
  readonly sent: readonly QueryValue[];
  readonly uses: readonly RowUse[];
  readonly sql: readonly SqlText[];
  /** Queries, by `file:start`, whose entities some path replaces (`with_entities`). */
  readonly reshaped: ReadonlySet<string>;
  /** Queries, by `file:start`, whose rows may get to code that is not followed. */
  readonly lost: ReadonlySet<string>;
  /** Relationships that something in the project reads, as `entity.name`. */
  readonly relationshipReads: ReadonlySet<string>;
}

/** What one function does when nothing is known of who calls it, and what those do that it calls. */
function evaluateFunction(context: EvaluationContext, file: string, at: number): Findings {
  const { index } = context;
  const facts = index.files.get(file);
  const fn = facts?.functions[at];
  if (!facts || !fn) return nothing;
  context.memory.use(functionUnit(file, at));
  const ev = new Evaluator(index, file, facts, fn, newFindings(), context);
  const self = fn.class === undefined ? undefined : index.classes.of({ kind: "class", file, index: fn.class });
  ev.definedIn = self;
  prepare(ev, self);
  const returned = evaluateBody(ev, fn.body);
  if (fn.decorators.length > 0) {
    renderReturned(ev, fn, returned);
    serializeReturned(ev, fn, returned);
  }
  ev.found.effects.splice(0, Infinity, ...relateRounds(ev.found));
  return slim(ev.found);
}

const nothing = newFindings();
const sameFindings = (before: Findings, after: Findings) => before === after || equal(before, after);

/** Most functions have nothing to do with a database: what is kept of them is which functions they call. */
function slim(found: Findings): Findings {
  const { effects, queries, reshaped, sql, uses, keyReads, supplied, lost, returned, relationshipReads, visited } = found;
  const size = queries.size + reshaped.size + sql.size + uses.size + keyReads.size + supplied.size;
  if (effects.length + size + lost.size + returned.size + relationshipReads.size > 0) return found;
  return visited.size === 0 ? nothing : { ...nothing, visited };
}

/** Every function of a project, each with what it was found to do. */
type Roots = Map<string, readonly Cell<Findings>[]>;

/**
 * Entities followed through a whole project. Files are evaluated when the first subject is asked for; after an edit only what the edit can
 * have changed.
 */
export class ProjectAnalysis {
  private readonly found = new Map<string, readonly Findings[]>();
  private readonly failed = new Map<string, string>();
  private byFile: ReadonlyMap<string, FileEffects> | undefined;

  constructor(
    readonly index: OrmIndex,
    private readonly context: EvaluationContext = createContext(index),
    private readonly roots: Roots = new Map(),
    private before?: Assembled,
  ) {}

  /**
   * The analysis after edits of some files that left their declarations alone, or of templates. This one is of no use any more.
   * @param index made of this one's by `withFile`
   */
  after(index: OrmIndex, edited: readonly string[]): ProjectAnalysis {
    this.context.edit(
      index,
      edited.flatMap((file) => changedUnits(this.index, index, file)),
    );
    // Which functions nothing refers to depends on what the files mention.
    const mentionsStay = edited.every((file) => {
      const [was, now] = [this.index.files.get(file)!, index.files.get(file)!];
      return mentionSame(was, now) && callsSame(was, now);
    });
    const after = new ProjectAnalysis(index, this.context, this.roots, mentionsStay ? this.before : undefined);
    for (const [file, found] of this.found)
      if (!this.failed.has(file) && !this.rootsOf(file).some((root) => root.doubtful)) after.found.set(file, found);
    return after;
  }

  /** Files that are not evaluated yet, in their order. */
  *pending(): Iterable<string> {
    for (const file of this.index.files.keys()) if (!this.found.has(file)) yield file;
  }

  /** A defect in the evaluation of one file must not cost the others; it is said, and never hidden: see `failure`. */
  evaluate(file: string): void {
    if (this.found.has(file)) return;
    this.byFile = undefined;
    const { memory } = this.context;
    try {
      const found = this.rootsOf(file).map((root) => memory.get(root, nothing));
      this.found.set(file, found.every((one) => one === nothing) ? none : found);
    } catch (error) {
      this.found.set(file, none);
      this.failed.set(file, error instanceof Error ? error.message : String(error));
    }
  }

  private rootsOf(file: string): readonly Cell<Findings>[] {
    let roots = this.roots.get(file);
    if (!roots) {
      const { functions } = this.index.files.get(file)!;
      roots = functions.map((_fn, at) => new Cell<Findings>(() => evaluateFunction(this.context, file, at), sameFindings));
      this.roots.set(file, roots);
    }
    return roots;
  }

  /** Why a file was left out, if it was. */
  failure(file: string): string | undefined {
    return this.failed.get(file);
  }

  /** Templates that code renders and in which something is loaded. */
  templates(): readonly string[] {
    return [...this.effects().keys()].filter((file) => !this.index.files.has(file));
  }

  /** The meaning of a file of the project, or of a template that it renders; undefined for any other. */
  subject(file: string): OrmSubject | undefined {
    const facts = this.context.factsOf(file);
    if (!facts) return undefined;
    const effects = this.effects().get(file) ?? noEffects;
    const own = gathered(this.found.get(file) ?? none);
    return {
      file,
      facts,
      index: this.index,
      ...effects,
      ...own,
      reshaped: this.reshaped,
      lost: this.lost,
      relationshipReads: this.relationshipReads,
    };
  }
  private reshaped: ReadonlySet<string> = new Set();
  private lost: ReadonlySet<string> = new Set();
  private relationshipReads: ReadonlySet<string> = new Set();

  private effects(): ReadonlyMap<string, FileEffects> {
    if (this.byFile) return this.byFile;
    for (const file of this.pending()) this.evaluate(file);
    // In the order of the files, whichever was asked for first.
    const all = [...this.index.files.keys()].flatMap((file) => this.found.get(file) ?? none).filter((one) => one !== nothing);
    this.context.sweep(() => [...this.roots.values()].flat() as Cell<unknown>[]);
    const before = this.before;
    if (before?.all.length === all.length && all.every((one, at) => one === before.all[at])) return this.take(before);
    return this.take({
      all,
      reshaped: new Set(all.flatMap((found) => [...found.reshaped])),
      lost: lostQueries(all),
      relationshipReads: new Set(all.flatMap((found) => [...found.relationshipReads])),
      byFile: assemble(this.index, all),
    });
  }

  private take(assembled: Assembled): ReadonlyMap<string, FileEffects> {
    this.before = assembled;
    this.reshaped = assembled.reshaped;
    this.lost = assembled.lost;
    this.relationshipReads = assembled.relationshipReads;
    this.byFile = assembled.byFile;
    return this.byFile;
  }
}

const none: readonly Findings[] = [];

/** What the functions of one file found of the file itself. */
function gathered(all: readonly Findings[]): Pick<OrmSubject, "queries" | "uses" | "sql"> {
  const queries = new Map<string, QueryPlace>();
  const uses = new Map<string, RowUse>();
  const sql = new Map<string, SqlText>();
  for (const found of all) {
    for (const [key, place] of found.queries) {
      const known = queries.get(key);
      if (!known || isLonger(place, known)) queries.set(key, place);
    }
    for (const [key, use] of found.uses) {
      const known = uses.get(key);
      if (!known) uses.set(key, use);
      else uses.set(key, { ...known, columns: new Set([...known.columns, ...use.columns]), escapes: known.escapes || use.escapes });
    }
    for (const [key, text] of found.sql) if (!sql.has(key)) sql.set(key, text);
  }
  return { queries: [...queries.values()], uses: [...uses.values()], sql: [...sql.values()] };
}

const isLonger = ({ file, span, value }: QueryPlace, known: QueryPlace) =>
  span.start === value.site.start && file === value.site.file && span.end >= known.span.end;

/** What all functions together have found. */
interface Assembled extends Pick<OrmSubject, "reshaped" | "lost" | "relationshipReads"> {
  readonly all: readonly Findings[];
  readonly byFile: ReadonlyMap<string, FileEffects>;
}

type FileEffects = Pick<OrmSubject, "loads" | "columnLoads" | "executions" | "commits" | "counted" | "sent">;
const noEffects: FileEffects = { loads: [], columnLoads: [], executions: [], commits: [], counted: [], sent: [] };

function assemble(index: OrmIndex, all: readonly Findings[]): ReadonlyMap<string, FileEffects> {
  const supplied = new Set(all.flatMap((found) => [...found.supplied]));
  const effects = markUnreferenced(
    index,
    dropShortLists(
      index,
      all.flatMap((found) => found.effects),
    ),
  );
  const of = <K extends Effect["kind"]>(kind: K) =>
    effects.filter((effect): effect is Extract<Effect, { kind: K }> => effect.kind === kind);
  const loads = groupBy(
    distinctLoads(
      of("lazyLoad").filter((load) => !isSupplied(load, supplied)),
      keyReadsOf(all),
    ),
    (load) => load.file,
  );
  const columnLoads = groupBy(distinct(of("columnLoad")), (load) => load.file);
  const executions = groupBy(distinctExecutions(of("execution")), (execution) => placedIn(execution).file);
  const commits = groupBy(distinctCommits(of("commit")), (commit) => placedIn(commit).file);
  const counted = groupBy(distinct(of("counted")), (one) => one.file);
  const sent = groupBy(distinctQueries(of("execution")), (query) => query.site.file);
  const files = new Set([loads, columnLoads, executions, commits, counted, sent].flatMap((map) => [...map.keys()]));
  return new Map(
    [...files].map((file) => [
      file,
      {
        loads: loads.get(file) ?? [],
        columnLoads: columnLoads.get(file) ?? [],
        executions: executions.get(file) ?? [],
        commits: commits.get(file) ?? [],
        counted: counted.get(file) ?? [],
        sent: sent.get(file) ?? [],
      },
    ]),
  );
}

const keyReadsOf = (all: readonly Findings[]): KeyReads => new Map(all.flatMap((found) => [...found.keyReads]));

function groupBy<E>(items: readonly E[], fileOf: (item: E) => string): Map<string, E[]> {
  const groups = new Map<string, E[]>();
  for (const item of items) {
    const group = groups.get(fileOf(item));
    if (group) group.push(item);
    else groups.set(fileOf(item), [item]);
  }
  return groups;
}

/** What a declaration leaves open, a call has told. */
function isSupplied(load: LazyLoad, supplied: ReadonlySet<string>): boolean {
  const { origin } = rootOf(load.owner);
  return origin.kind === "declared" && supplied.has(`${origin.file}:${origin.start}`);
}

/** The meaning of one file of a project. */
export function analyzeFile(index: OrmIndex, file: string, context?: EvaluationContext): OrmSubject {
  const subject = new ProjectAnalysis(index, context).subject(file);
  if (!subject) throw new Error(`No facts of ${file} in the index.`);
  return subject;
}
