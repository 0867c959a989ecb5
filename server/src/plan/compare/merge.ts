import type { Matching } from "./match.js";
import type { OutlinedNode } from "./outline.js";

/** A place in the merged tree. */
export interface Merged {
  readonly before: OutlinedNode | undefined;
  readonly after: OutlinedNode | undefined;
  readonly children: readonly Merged[];
}

/**
 * The later plan's tree, with the steps that only the earlier one has put where they were: a step that its input passed through (a sort, a hash)
 * between the steps around it, any other below the nearest step above it that both have, behind the sibling that it followed.
 */
export function merge(before: readonly OutlinedNode[], after: readonly OutlinedNode[], matching: Matching): Merged | undefined {
  return new Merger(before, after, matching).run();
}

class Place implements Merged {
  children: Place[] = [];
  parent: Place | undefined;
  /** Steps that only the earlier plan has, by the sibling that they followed. */
  readonly removed = new Map<Place | undefined, Place[]>();

  constructor(
    readonly before: OutlinedNode | undefined,
    readonly after: OutlinedNode | undefined,
  ) {}
}

class Merger {
  readonly #places = new Map<OutlinedNode, Place>();
  readonly #lastSibling = new Map<Place, Place>();
  readonly #onlyChild: readonly (number | undefined)[];
  #root: Place | undefined;

  constructor(
    private readonly before: readonly OutlinedNode[],
    private readonly after: readonly OutlinedNode[],
    private readonly matching: Matching,
  ) {
    this.#onlyChild = before.map(({ index, end }, at) => {
      const first = before[at + 1];
      return first?.parent === index && first.end === end ? first.index : undefined;
    });
  }

  run(): Place | undefined {
    for (const node of this.after) this.#placeLater(node);
    this.#root = this.after[0] && this.#places.get(this.after[0]);
    for (const node of this.before) {
      if (this.matching.toAfter.has(node.index)) this.#noteSibling(node);
      else this.#placeRemoved(node);
    }
    for (const place of this.#places.values()) arrange(place);
    return this.#root;
  }

  #placeLater(node: OutlinedNode): void {
    const partner = this.matching.toBefore.get(node.index);
    const place = new Place(partner === undefined ? undefined : this.before[partner], node);
    this.#places.set(node, place);
    if (place.before) this.#places.set(place.before, place);
    const parent = node.parent === undefined ? undefined : this.#places.get(this.after[node.parent]!);
    place.parent = parent;
    parent?.children.push(place);
  }

  #above(node: OutlinedNode): Place | undefined {
    return node.parent === undefined ? undefined : this.#places.get(this.before[node.parent]!);
  }

  #noteSibling(node: OutlinedNode): void {
    const above = this.#above(node);
    if (above) this.#lastSibling.set(above, this.#places.get(node)!);
  }

  #placeRemoved(node: OutlinedNode): void {
    const place = new Place(node, undefined);
    this.#places.set(node, place);
    const above = this.#above(node);
    const below = this.#passedThrough(node);
    if (below && below.parent === above) this.#putBetween(place, above, below);
    else this.#hang(place, above ?? this.#root);
  }

  /** The place of what a step without other inputs got its rows from, where the later plan has it. */
  #passedThrough({ index }: OutlinedNode): Place | undefined {
    for (let next = this.#onlyChild[index]; next !== undefined; next = this.#onlyChild[next])
      if (this.matching.toAfter.has(next)) return this.#places.get(this.before[next]!);
    return undefined;
  }

  #putBetween(place: Place, above: Place | undefined, below: Place): void {
    place.parent = above;
    place.children = [below];
    below.parent = place;
    if (above) {
      above.children[above.children.indexOf(below)] = place;
      this.#lastSibling.set(above, place);
    } else this.#root = place;
  }

  #hang(place: Place, above: Place | undefined): void {
    place.parent = above;
    if (!above) {
      this.#root = place;
      return;
    }
    const sibling = this.#lastSibling.get(above);
    const list = above.removed.get(sibling);
    if (list) list.push(place);
    else above.removed.set(sibling, [place]);
  }
}

/** Puts removed steps behind their siblings. A sibling that stands elsewhere in the later plan is no landmark: what followed it comes last. */
function arrange(place: Place): void {
  const { removed, children } = place;
  if (removed.size === 0) return;
  const known = new Set<Place | undefined>(children);
  const strays = [...removed].filter(([sibling]) => sibling !== undefined && !known.has(sibling)).flatMap(([, list]) => list);
  place.children = [...(removed.get(undefined) ?? []), ...children.flatMap((child) => [child, ...(removed.get(child) ?? [])]), ...strays];
  removed.clear();
}
