import type { FileFacts } from "../python/index.js";
import type { EvaluationContext } from "./evaluate/evaluator.js";
import { Assembly, type FileEffects } from "./assembly.js";
import { createContext } from "./evaluate/context.js";
import { equal } from "./incremental/equal.js";
import { Cell } from "./incremental/memory.js";
import { changedUnits, functionUnit } from "./incremental/units.js";
import type { QueryPlace, RowUse } from "./evaluate/effects.js";
import { Evaluator, newFindings, type Findings } from "./evaluate/evaluator.js";
import { prepare } from "./evaluate/parameters.js";
import { renderReturned } from "./evaluate/rendering.js";
import { serializeReturned } from "./evaluate/serializers.js";
import { evaluateBody } from "./evaluate/statements.js";
import type { SqlText } from "./evaluate/sqlTexts.js";
import { relateRounds } from "./rounds.js";
import type { OrmIndex } from "./project/ormIndex.js";

/** What the rules look at: the meaning of one file in its project. */
export interface OrmSubject extends FileEffects, Pick<Assembly, "reshaped" | "lost" | "relationshipReads"> {
  readonly file: string;
  readonly facts: FileFacts;
  readonly index: OrmIndex;
  readonly queries: readonly QueryPlace[];
  readonly uses: readonly RowUse[];
  readonly sql: readonly SqlText[];
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
  private assembled = false;

  constructor(
    readonly index: OrmIndex,
    private readonly context: EvaluationContext = createContext(index),
    private readonly roots: Roots = new Map(),
    private readonly assembly: Assembly = new Assembly(),
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
    const after = new ProjectAnalysis(index, this.context, this.roots, this.assembly);
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
    this.assembled = false;
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

  /** The meaning of a file of the project, or of a template that it renders; undefined for any other. */
  subject(file: string): OrmSubject | undefined {
    const facts = this.context.factsOf(file);
    if (!facts) return undefined;
    this.assemble();
    const { reshaped, lost, relationshipReads } = this.assembly;
    const own = gathered(this.found.get(file) ?? none);
    return { file, facts, index: this.index, ...this.assembly.effectsIn(file), ...own, reshaped, lost, relationshipReads };
  }

  private assemble(): void {
    if (this.assembled) return;
    for (const file of this.pending()) this.evaluate(file);
    this.context.sweep(() => [...this.roots.values()].flat() as Cell<unknown>[]);
    this.assembly.update(this.index, (file) => this.found.get(file) ?? none);
    this.assembled = true;
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

/** The meaning of one file of a project. */
export function analyzeFile(index: OrmIndex, file: string, context?: EvaluationContext): OrmSubject {
  const subject = new ProjectAnalysis(index, context).subject(file);
  if (!subject) throw new Error(`No facts of ${file} in the index.`);
  return subject;
}
