import { simplified, type Guard, type Literal, type Term } from "./guards.js";

/** Thrown where a path comes to a state that an earlier path was in: what follows is known. */
export class Merged extends Error {}

/** A state of the running code that a path came to at the end of a statement. */
interface Junction {
  readonly id: number;
  readonly edges: Map<string, { readonly from: Junction; readonly literals: Term }>;
  guard?: Guard;
}

/**
 * The paths of one exploration as a graph: paths that come to the same state are one from there on. That needs the order of the oracle: all
 * ways on from a state are gone before another path can come to it.
 */
export class Junctions {
  private readonly start: Junction = { id: 0, edges: new Map() };
  private readonly known = new Map<string, Junction>();
  private at = this.start;
  private taken = 0;

  /** A new path sets out. */
  begin(): void {
    this.at = this.start;
    this.taken = 0;
  }

  /** Names how the path came here. */
  here(path: readonly Literal[]): string {
    return `${this.at.id}:${path
      .slice(this.taken)
      .map(({ choice }) => choice)
      .join()}`;
  }

  /** The path is in that state now. Ends it where another was there before. */
  arrive(state: string, path: readonly Literal[]): void {
    const way = this.here(path);
    const edge = { from: this.at, literals: path.slice(this.taken) };
    const before = this.known.get(state);
    if (!before) this.known.set(state, { id: this.known.size + 1, edges: new Map([[way, edge]]) });
    else if (before.edges.keys().next().value !== way) {
      before.edges.set(way, edge);
      throw new Merged();
    }
    this.at = before ?? this.known.get(state)!;
    this.taken = path.length;
  }

  /** Where a path ended: its guard is asked for when all paths are gone. */
  end(path: readonly Literal[]): () => Guard {
    const { at } = this;
    const literals = path.slice(this.taken);
    return () => this.after(at, literals);
  }

  private after(junction: Junction, literals: Term): Guard {
    return this.guardOf(junction).map((term) => [...term, ...literals]);
  }
  private guardOf(junction: Junction): Guard {
    if (junction === this.start) return [[]];
    junction.guard ??= simplified([...junction.edges.values()].flatMap(({ from, literals }) => this.after(from, literals)));
    return junction.guard;
  }
}
