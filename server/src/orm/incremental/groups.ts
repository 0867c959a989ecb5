import { Multiset } from "./multiset.js";

/** A thing at its place in the order of all; no two of one group have the same. */
export interface Ordered<T> {
  readonly at: number;
  readonly item: T;
}

export interface Change<T> {
  readonly gone: readonly Ordered<T>[];
  readonly come: readonly Ordered<T>[];
}

export interface Grouping<I, O> {
  /** Undefined where it belongs to no group. */
  keyOf(item: I): string | undefined;
  /** What is made of a group, in the order of all; undefined for nothing. Depends on the items and on what they depend on, and on nothing else. */
  merge(items: readonly I[]): O | undefined;
  /** What else decides how a group is merged: see `Groups.change`. */
  dependsOn?(item: I): readonly string[];
}

interface Group<I, O> {
  items: Ordered<I>[];
  merged?: Ordered<O> | undefined;
}

/** Things by key, those of one key merged into one. After a change only the groups that it touches are merged again. */
export class Groups<I, O> {
  private readonly groups = new Map<string, Group<I, O>>();
  /** The groups that depend on something, by that; as often as their items say so. */
  private readonly dependents = new Map<string, Multiset<string>>();

  constructor(private readonly grouping: Grouping<I, O>) {}

  get(key: string): O | undefined {
    return this.groups.get(key)?.merged?.item;
  }

  keys(): Iterable<string> {
    return this.groups.keys();
  }

  /**
   * Takes the change in, and tells what comes of it. A group is in the order of all where its first item is.
   * @param others what else is another than before, of that which items depend on
   */
  change({ gone, come }: Change<I>, others: Iterable<string> = []): Change<O> {
    const touched = new Map<string, Set<number>>();
    const touch = (key: string) => touched.get(key) ?? touched.set(key, new Set()).get(key)!;
    for (const { at, item } of gone) {
      const key = this.grouping.keyOf(item);
      if (key === undefined) continue;
      touch(key).add(at);
      this.depend(item, (groups) => groups.delete(key));
    }
    for (const [key, places] of touched) {
      const group = this.groups.get(key);
      if (group) group.items = group.items.filter(({ at }) => !places.has(at));
    }
    for (const one of come) {
      const key = this.grouping.keyOf(one.item);
      if (key === undefined) continue;
      touch(key);
      const group = this.groups.get(key);
      if (group) group.items.push(one);
      else this.groups.set(key, { items: [one] });
      this.depend(one.item, (groups) => groups.add(key));
    }
    for (const other of others) for (const key of this.dependents.get(other) ?? []) touch(key);
    return this.mergeAgain(touched.keys());
  }

  private depend(item: I, change: (groups: Multiset<string>) => void): void {
    for (const other of this.grouping.dependsOn?.(item) ?? []) {
      const groups = this.dependents.get(other) ?? new Multiset<string>();
      this.dependents.set(other, groups);
      change(groups);
      if (groups.size === 0) this.dependents.delete(other);
    }
  }

  private mergeAgain(keys: Iterable<string>): Change<O> {
    const gone: Ordered<O>[] = [];
    const come: Ordered<O>[] = [];
    for (const key of keys) {
      const group = this.groups.get(key);
      if (!group) continue;
      const before = group.merged;
      group.items.sort((a, b) => a.at - b.at);
      const merged = group.items.length > 0 ? this.grouping.merge(group.items.map(({ item }) => item)) : undefined;
      const now = merged === undefined ? undefined : { at: group.items[0]!.at, item: merged };
      if (group.items.length === 0) this.groups.delete(key);
      group.merged = now;
      if (before && before.at === now?.at && before.item === now.item) continue;
      if (before) gone.push(before);
      if (now) come.push(now);
    }
    return { gone, come };
  }
}
