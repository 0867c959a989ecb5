import type { FileFacts, FunctionFact } from "../python/index.js";
import type { EvaluationContext } from "./evaluate/evaluator.js";
import { createContext } from "./evaluate/context.js";
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
import { markUnreferenced } from "./references.js";
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

/** Evaluates every function of one file, and what they call. */
function evaluateFile(index: OrmIndex, file: string, context: EvaluationContext): Findings {
  const facts = index.files.get(file)!;
  const found = newFindings();
  for (const fn of facts.functions) evaluateFunction(index, file, facts, fn, found, context);
  return found;
}

function evaluateFunction(
  index: OrmIndex,
  file: string,
  facts: FileFacts,
  fn: FunctionFact,
  found: Findings,
  context: EvaluationContext,
): void {
  const ev = new Evaluator(index, file, facts, fn, found, context);
  const self = fn.class === undefined ? undefined : index.classes.of({ kind: "class", file, index: fn.class });
  ev.definedIn = self;
  prepare(ev, self);
  const returned = evaluateBody(ev, fn.body);
  if (fn.decorators.length === 0) return;
  renderReturned(ev, fn, returned);
  serializeReturned(ev, fn, returned);
}

/** Entities followed through a whole project. Files are evaluated once each, when the first subject is asked for. */
export class ProjectAnalysis {
  private readonly found = new Map<string, Findings>();
  private readonly failed = new Map<string, string>();
  private byFile: ReadonlyMap<string, FileEffects> | undefined;

  constructor(
    readonly index: OrmIndex,
    private readonly context: EvaluationContext = createContext(index),
  ) {}

  /** Files that are not evaluated yet, in their order. */
  *pending(): Iterable<string> {
    for (const file of this.index.files.keys()) if (!this.found.has(file)) yield file;
  }

  /** A defect in the evaluation of one file must not cost the others; it is said, and never hidden: see `failure`. */
  evaluate(file: string): void {
    if (this.found.has(file)) return;
    this.byFile = undefined;
    try {
      this.found.set(file, evaluateFile(this.index, file, this.context));
    } catch (error) {
      this.found.set(file, newFindings());
      this.failed.set(file, error instanceof Error ? error.message : String(error));
    }
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
    const own = this.found.get(file);
    return {
      file,
      facts,
      index: this.index,
      ...effects,
      queries: [...(own?.queries.values() ?? [])],
      uses: [...(own?.uses.values() ?? [])],
      sql: [...(own?.sql.values() ?? [])],
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
    const all = [...this.found.values()];
    this.reshaped = new Set(all.flatMap((found) => [...found.reshaped]));
    this.lost = lostQueries(all);
    this.relationshipReads = new Set(all.flatMap((found) => [...found.relationshipReads]));
    this.byFile = assemble(this.index, all);
    return this.byFile;
  }
}

type FileEffects = Pick<OrmSubject, "loads" | "columnLoads" | "executions" | "commits" | "counted" | "sent">;
const noEffects: FileEffects = { loads: [], columnLoads: [], executions: [], commits: [], counted: [], sent: [] };

function assemble(index: OrmIndex, all: readonly Findings[]): ReadonlyMap<string, FileEffects> {
  const supplied = new Set(all.flatMap((found) => [...found.supplied]));
  const effects = markUnreferenced(
    index,
    all.flatMap((found) => found.effects),
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
