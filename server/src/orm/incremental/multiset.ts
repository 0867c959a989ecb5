/** A set that knows how often each thing was added, so that one of several who added it can take it back. */
export class Multiset<T> implements Iterable<T> {
  private readonly counts = new Map<T, number>();

  get size(): number {
    return this.counts.size;
  }

  has(item: T): boolean {
    return this.counts.has(item);
  }

  /** Answers whether it was not there before. */
  add(item: T): boolean {
    const count = this.counts.get(item) ?? 0;
    this.counts.set(item, count + 1);
    return count === 0;
  }

  /** Answers whether it is not there any more. */
  delete(item: T): boolean {
    const count = this.counts.get(item);
    if (count === undefined) return false;
    if (count > 1) this.counts.set(item, count - 1);
    else this.counts.delete(item);
    return count === 1;
  }

  [Symbol.iterator](): Iterator<T> {
    return this.counts.keys();
  }
}
