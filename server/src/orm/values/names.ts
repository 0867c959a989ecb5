import { join, type Value } from "./value.js";

/**
 * What names mean at a point of the code. A branch works on a child that holds only what it changes, so that neither a branch nor a merge
 * costs more than its changes.
 */
export class Names {
  private readonly own = new Map<string, Value>();
  /** Of the own names those that a call has given their value. */
  private given: Set<string> | undefined;
  constructor(private readonly parent?: Names) {}

  get(name: string): Value | undefined {
    return this.own.get(name) ?? this.parent?.get(name);
  }
  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
  set(name: string, value: Value): void {
    this.own.set(name, value);
    this.given?.delete(name);
  }
  /** Binds a name to what a call says: the function itself says nothing else on any path to here. */
  give(name: string, value: Value): void {
    this.own.set(name, value);
    (this.given ??= new Set()).add(name);
  }
  /** What a call has given the name; undefined where the function has bound it itself. */
  givenValue(name: string): Value | undefined {
    const value = this.own.get(name);
    if (value === undefined) return this.parent?.givenValue(name);
    return this.given?.has(name) ? value : undefined;
  }
  child(): Names {
    return new Names(this);
  }

  /** Every value in sight; those of names that are hidden too. */
  *values(): Iterable<Value> {
    yield* this.own.values();
    if (this.parent) yield* this.parent.values();
  }

  /** Names that begin so, without that beginning, with what they mean. */
  withPrefix(prefix: string): Map<string, Value> {
    const found = this.parent?.withPrefix(prefix) ?? new Map<string, Value>();
    for (const [name, value] of this.own) if (name.startsWith(prefix)) found.set(name.slice(prefix.length), value);
    return found;
  }

  /** This and its ancestors below `base`. */
  private upTo(base: Names): readonly Names[] {
    if (this === base) return [];
    return [this, ...(this.parent?.upTo(base) ?? [])];
  }

  /** Names that were set since `base`, one of its ancestors. */
  changedSince(base: Names): Set<string> {
    const names = new Set<string>();
    for (const at of this.upTo(base)) for (const name of at.own.keys()) names.add(name);
    return names;
  }

  /**
   * What holds after any of the paths, which all began here. A name that only one path binds keeps that value: the others do not reach its
   * use.
   */
  merge(paths: readonly Names[]): void {
    const changed = new Set(paths.flatMap((path) => [...path.changedSince(this)]));
    const merged = [...changed].map((name) => [name, paths.flatMap((path) => path.get(name) ?? []).reduce(join)] as const);
    for (const [name, value] of merged) this.set(name, value);
  }
}
