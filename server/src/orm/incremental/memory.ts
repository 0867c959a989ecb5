/** A piece of the project's text that results are made of; see `units.ts` for their names. */
export type Unit = string;
export type Dependency = Unit | Cell<unknown>;

/** What was computed, and what it was computed of. */
export interface Tracked<T> {
  readonly value: T;
  readonly dependencies: ReadonlySet<Dependency>;
  /** It has met a value that is still being computed, and saw less than others will. */
  readonly provisional: boolean;
}

/** A result that outlives edits: it is computed anew only when something that it was made of has changed. */
export class Cell<T> {
  value: T | undefined;
  dependencies: ReadonlySet<Dependency> = none;
  /** The revision in which the value was last known to be right, and the one in which it last became another. */
  verified = 0;
  changed = 0;
  running = false;
  /** Something that it was made of, near or far, may have changed since. */
  doubtful = false;
  /** While it runs: how many computations were under way before. */
  depth = 0;

  /**
   * @param compute gives undefined where the result does not stand by itself
   * @param same whether whoever has used the old result need not look at the new one
   */
  constructor(
    readonly compute: () => T | undefined,
    readonly same: (before: T, after: T) => boolean,
  ) {}
}
const none: ReadonlySet<Dependency> = new Set();

/**
 * Results by what they are made of (the red-green scheme): after an edit a result is verified by looking at what it used, in the order of use;
 * it is computed again when that is another, and when it comes out as before, nobody else has to be.
 */
export class Memory {
  private revision = 1;
  private readonly changedUnits = new Map<Unit, number>();
  private using = new Set<Dependency>();
  /** Who was made of what; some of it may be over. */
  private readonly users = new Map<Dependency, Set<Cell<unknown>>>();
  /** Computations under way, and the outermost of them that the innermost has met. */
  private depth = 0;
  private met = Infinity;

  /** Begins a new revision in which these are other than before. */
  change(units: Iterable<Unit>): void {
    this.revision++;
    for (const unit of units) {
      this.changedUnits.set(unit, this.revision);
      this.doubt(unit);
    }
  }

  private doubt(dependency: Dependency): void {
    for (const cell of this.users.get(dependency) ?? [])
      if (!cell.doubtful) {
        cell.doubtful = true;
        this.doubt(cell);
      }
  }

  private link(cell: Cell<unknown>, dependencies: ReadonlySet<Dependency>): void {
    cell.dependencies = dependencies;
    cell.doubtful = false;
    for (const one of dependencies) {
      const users = this.users.get(one);
      if (users) users.add(cell);
      else this.users.set(one, new Set([cell]));
    }
  }

  /** Forgets that the cell exists: nobody will ask for it again. */
  forget(cell: Cell<unknown>): void {
    for (const one of cell.dependencies) this.users.get(one)?.delete(cell);
    this.users.delete(cell);
  }

  /** What is computed now is made of this. */
  use(dependency: Dependency): void {
    this.using.add(dependency);
  }
  useAll(dependencies: Iterable<Dependency>): void {
    for (const one of dependencies) this.using.add(one);
  }

  /** Runs `compute` and tells what it was made of. */
  track<T>(compute: () => T): Tracked<T> {
    const { using, met, depth } = this;
    this.using = new Set();
    this.met = Infinity;
    this.depth = depth + 1;
    try {
      const value = compute();
      return { value, dependencies: this.using, provisional: this.met < depth };
    } finally {
      this.using = using;
      this.met = Math.min(met, this.met < depth ? this.met : Infinity);
      this.depth = depth;
    }
  }

  /** What is computed now saw less than there is: it, and whatever uses it, holds only inside of what is under way at that depth. */
  meet(depth: number): void {
    this.met = Math.min(this.met, depth);
  }

  /** A cell of what was just computed. */
  keep<T>(tracked: Tracked<T>, compute: () => T | undefined, same: (before: T, after: T) => boolean): Cell<T> {
    const cell = new Cell(compute, same);
    cell.value = tracked.value;
    cell.verified = cell.changed = this.revision;
    this.link(cell as Cell<unknown>, tracked.dependencies);
    return cell;
  }

  /** The cell's value as of now; undefined where it does not stand by itself, or is being computed. */
  read<T>(cell: Cell<T>): T | undefined {
    this.verify(cell as Cell<unknown>);
    return cell.running ? undefined : cell.value;
  }

  /** The cell's value as of now, computed where there is none; `meanwhile` where it is being computed. */
  get<T>(cell: Cell<T>, meanwhile: T): T {
    if (cell.running) {
      this.meet(cell.depth);
      return meanwhile;
    }
    const known = this.read(cell);
    if (known !== undefined) {
      this.use(cell as Cell<unknown>);
      return known;
    }
    const { value, dependencies, provisional } = this.run(cell);
    if (value === undefined || provisional) {
      this.useAll(dependencies);
      return value ?? meanwhile;
    }
    Object.assign(cell, { value, changed: this.revision, verified: this.revision });
    this.link(cell as Cell<unknown>, dependencies);
    this.use(cell as Cell<unknown>);
    return value;
  }

  private verify(cell: Cell<unknown>): void {
    if (cell.verified === this.revision || cell.running || cell.verified === 0) return;
    if (!cell.doubtful) {
      cell.verified = this.revision;
      return;
    }
    for (const one of cell.dependencies) {
      if (typeof one === "string") {
        if ((this.changedUnits.get(one) ?? 0) > cell.verified) return this.recompute(cell);
      } else {
        this.verify(one);
        if (one.running || one.changed > cell.verified) return this.recompute(cell);
      }
    }
    cell.doubtful = false;
    cell.verified = this.revision;
  }

  private recompute(cell: Cell<unknown>): void {
    const { value: before, changed } = cell;
    cell.value = undefined;
    cell.changed = cell.verified = this.revision;
    if (before === undefined) return;
    const { value, dependencies, provisional } = this.run(cell);
    // Whoever was made of it is looked at now; who asks next has it computed anew.
    if (value === undefined || provisional) return;
    this.link(cell, dependencies);
    const same = cell.same(before, value);
    cell.value = same ? before : value;
    if (same) cell.changed = changed;
  }

  private run<T>(cell: Cell<T>): Tracked<T | undefined> {
    cell.running = true;
    cell.depth = this.depth;
    try {
      return this.track(cell.compute);
    } finally {
      cell.running = false;
    }
  }
}
