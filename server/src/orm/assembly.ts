import type { ColumnLoad, Commit, Counted, Effect, Execution, LazyLoad } from "./evaluate/effects.js";
import type { Findings } from "./evaluate/evaluator.js";
import type { KeyRead } from "./evaluate/keyReads.js";
import { LostQueries } from "./evaluate/uses.js";
import {
  byPosition,
  deciding,
  executionsOfOneCall,
  loadsAtOnePlace,
  onePerCause,
  onePerCommit,
  onePerPlace,
  onePerQuery,
  onePerStatement,
  placedIn,
} from "./distinct.js";
import { Groups, type Change, type Ordered } from "./incremental/groups.js";
import { Multiset } from "./incremental/multiset.js";
import type { OrmIndex } from "./project/ormIndex.js";
import { References, storyOf } from "./references.js";
import { WrittenLists, type ListParameter } from "./writtenLists.js";
import type { Iteration, QueryValue } from "./values/value.js";

/** What all functions together do in one file. */
export interface FileEffects {
  /** One per relationship of one origin in the whole project: the first place that reads it, per row where there is such a place. */
  readonly loads: readonly LazyLoad[];
  readonly columnLoads: readonly ColumnLoad[];
  /** Those whose loop, or which themselves, stand in the file. */
  readonly executions: readonly Execution[];
  readonly commits: readonly Commit[];
  readonly counted: readonly Counted[];
  /** Queries that begin in the file, as they are sent, wherever that is: once for each set of options. */
  readonly sent: readonly QueryValue[];
}

/** A set that goes along with edits. */
export type Membership = Pick<ReadonlySet<string>, "has"> & Iterable<string>;

/** A function whose findings are others than before. */
interface Changed {
  readonly root: number;
  readonly before: Findings | undefined;
  readonly now: Findings | undefined;
}

/** More effects than a function's share of work allows. */
const mostEffects = 2 ** 22;

const inFile = <T>(fileOf: (item: T) => string) => new Groups<T, readonly T[]>({ keyOf: fileOf, merge: (items) => items });
const ofKind = <K extends Effect["kind"]>({ gone, come }: Change<Effect>, kind: K) => {
  const is = (one: Ordered<Effect>): one is Ordered<Extract<Effect, { kind: K }>> => one.item.kind === kind;
  return { gone: gone.filter(is), come: come.filter(is) };
};

/**
 * Puts together what all functions of a project have found: one per cause, wherever it shows. After an edit only causes are looked at to which
 * a function whose findings are others now adds something, or did.
 */
export class Assembly {
  private readonly known = new Map<string, readonly Findings[]>();
  private readonly references = new References();
  private readonly writtenLists = new WrittenLists();
  /** Functions that have effects, by their numbers, and those of them whose effects' stories begin in a function, by that. */
  private readonly effective = new Map<number, Findings>();
  private readonly tellers = new Map<string, Set<number>>();

  private readonly reshapedQueries = new Multiset<string>();
  private readonly reads = new Multiset<string>();
  private readonly lostQueries = new LostQueries();
  private readonly supplied = new Multiset<string>();
  private readonly keyReads = new Groups<readonly [place: string, KeyRead], readonly [place: string, KeyRead]>({
    keyOf: ([place]) => place,
    merge: (reads) => reads.at(-1),
  });

  private readonly causes = new Groups(
    onePerCause({ keyRead: (place) => this.keyReads.get(place)?.[1], isSupplied: (place) => this.supplied.has(place) }),
  );
  private readonly loads = new Groups(loadsAtOnePlace);
  private readonly columnLoads = new Groups(onePerPlace<ColumnLoad>());
  private readonly statements = new Groups(onePerStatement);
  private readonly executions = new Groups(executionsOfOneCall);
  private readonly queries = new Groups(onePerQuery);
  private readonly commits = new Groups(onePerCommit);
  private readonly counted = new Groups(onePerPlace<Counted>());

  private readonly byFile = {
    loads: new Groups<LazyLoad, readonly LazyLoad[]>({ keyOf: (load) => load.file, merge: (loads) => [...loads].sort(byPosition) }),
    columnLoads: inFile<ColumnLoad>((load) => load.file),
    executions: inFile<Execution>((execution) => placedIn(execution).file),
    commits: inFile<Commit>((commit) => placedIn(commit).file),
    counted: inFile<Counted>((one) => one.file),
    sent: inFile<QueryValue>((query) => query.site.file),
  };

  /** Queries, by `file:start`, whose entities some path replaces (`with_entities`). */
  readonly reshaped: Membership = this.reshapedQueries;
  /** Queries, by `file:start`, whose rows may get to code that is not followed. */
  readonly lost: Membership = this.lostQueries;
  /** Relationships that something in the project reads, as `entity.name`. */
  readonly relationshipReads: Membership = this.reads;

  /** What is found in one file, or in a template. */
  effectsIn(file: string): FileEffects {
    const { loads, columnLoads, executions, commits, counted, sent } = this.byFile;
    return {
      loads: loads.get(file) ?? [],
      columnLoads: columnLoads.get(file) ?? [],
      executions: executions.get(file) ?? [],
      commits: commits.get(file) ?? [],
      counted: counted.get(file) ?? [],
      sent: sent.get(file) ?? [],
    };
  }

  /**
   * Takes over what functions have found. Between two calls files' declarations stay as they are, and with them the files and their functions.
   * @param foundIn what each function of a file has found; the same object where nothing is another than before
   */
  update(index: OrmIndex, foundIn: (file: string) => readonly Findings[]): void {
    const changed = this.changedFunctions(index, foundIn);
    const stories = new Set(changed.flatMap(({ root, now }) => this.storiesOf(root, now)));
    const lists = changed.flatMap(({ now }) => (now?.effects ?? []).flatMap((effect) => listOf(effect) ?? []));
    const toldAnew = [...this.references.update(index, stories), ...this.writtenLists.update(index, lists)];
    const again = new Map(changed.map((one) => [one.root, one]));
    for (const story of toldAnew)
      for (const root of this.tellers.get(story) ?? []) {
        const found = this.effective.get(root);
        if (!again.has(root)) again.set(root, { root, before: found, now: found });
      }
    this.takeEffects([...again.values()], this.takeNotes(changed));
  }

  private changedFunctions(index: OrmIndex, foundIn: (file: string) => readonly Findings[]): Changed[] {
    const changed: Changed[] = [];
    let first = 0;
    for (const [file, { functions }] of index.files) {
      const before = this.known.get(file) ?? [];
      const now = foundIn(file);
      for (let at = 0; before !== now && at < Math.max(before.length, now.length); at++)
        if (before[at] !== now[at]) changed.push({ root: first + at, before: before[at], now: now[at] });
      this.known.set(file, now);
      first += functions.length;
    }
    for (const { root, now } of changed)
      if (now && now.effects.length > 0) this.effective.set(root, now);
      else this.effective.delete(root);
    return changed;
  }

  private storiesOf(root: number, found: Findings | undefined): string[] {
    const stories = (found?.effects ?? []).map(storyOf);
    for (const story of stories) {
      const tellers = this.tellers.get(story);
      if (tellers) tellers.add(root);
      else this.tellers.set(story, new Set([root]));
    }
    return stories;
  }

  /** Everything but effects. Answers what loads depend on and is another now: places of declarations, and of reads of keys. */
  private takeNotes(changed: readonly Changed[]): ReadonlySet<string> {
    const others = new Set<string>();
    const reads: Change<readonly [string, KeyRead]> = {
      gone: changed.flatMap(({ root, before }) => numbered(root, before?.keyReads ?? [])),
      come: changed.flatMap(({ root, now }) => numbered(root, now?.keyReads ?? [])),
    };
    const { gone, come } = this.keyReads.change(reads);
    for (const { item } of [...gone, ...come]) others.add(item[0]);
    for (const { before, now } of changed) {
      // First what comes: what stays never was away.
      if (now) {
        for (const one of now.supplied) if (this.supplied.add(one)) others.add(one);
        for (const one of now.reshaped) this.reshapedQueries.add(one);
        for (const one of now.relationshipReads) this.reads.add(one);
        this.lostQueries.add(now);
      }
      if (before) {
        for (const one of before.supplied) if (this.supplied.delete(one)) others.add(one);
        for (const one of before.reshaped) this.reshapedQueries.delete(one);
        for (const one of before.relationshipReads) this.reads.delete(one);
        this.lostQueries.delete(before);
      }
    }
    return others;
  }

  private takeEffects(changed: readonly Changed[], others: ReadonlySet<string>): void {
    const effects: Change<Effect> = {
      gone: changed.flatMap(({ root, before }) => numbered(root, before?.effects ?? [])),
      come: changed.flatMap(({ root, now }) => numbered(root, now?.effects ?? [], (effect) => this.told(effect))),
    };
    const { byFile } = this;
    const executions = ofKind(effects, "execution");
    byFile.loads.change(this.loads.change(this.causes.change(ofKind(effects, "lazyLoad"), others)));
    byFile.columnLoads.change(this.columnLoads.change(ofKind(effects, "columnLoad")));
    byFile.executions.change(this.executions.change(this.statements.change(executions)));
    byFile.sent.change(this.queries.change(executions));
    byFile.commits.change(this.commits.change(ofKind(effects, "commit")));
    byFile.counted.change(this.counted.change(ofKind(effects, "counted")));
  }

  private told(effect: Effect): Effect {
    const list = listOf(effect);
    const unfounded = this.references.isDead(storyOf(effect)) || (list !== undefined && this.writtenLists.isShort(list));
    return unfounded ? { ...effect, unfounded: true } : effect;
  }
}

/** The parameter that the loop goes through in each round of which it happens, where the story begins in the loop's own function. */
function listOf(effect: Effect): ListParameter | undefined {
  const loop = loopOf(effect);
  if (loop?.parameter === undefined) return undefined;
  const { file, scope } = effect.path[0] ?? effect;
  return file === loop.file && scope === loop.scope ? { story: storyOf(effect), parameter: loop.parameter } : undefined;
}

function loopOf(effect: Effect): Iteration | undefined {
  if (effect.kind === "execution") return deciding(effect);
  if (effect.kind === "commit") return effect.iterations.at(-1);
  return effect.kind === "lazyLoad" || effect.kind === "columnLoad" ? effect.iteration : undefined;
}

/** In the order of the functions, whichever was evaluated first. */
function numbered<T>(root: number, items: Iterable<T>, made: (item: T) => T = (item) => item): Ordered<T>[] {
  return Array.from(items, (item, at) => ({ at: root * mostEffects + at, item: made(item) }));
}
