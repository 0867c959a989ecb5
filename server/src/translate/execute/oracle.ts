import type { Literal } from "./guards.js";

/** Thrown to leave a path that cannot be gone: an exception, a `continue` that passes the query by. */
export class PathEnd extends Error {}

interface Decision {
  choice: number;
  readonly of: number;
}

/** Which way undecided branches go. One run is one path; `next` goes on to the path after it. */
export class Oracle {
  private readonly decisions: Decision[] = [];
  private at = 0;
  /** What was asked on this path: the same question gets the same answer. */
  private answered: Map<string, number>;
  /** The decisions of this path. */
  readonly path: Literal[] = [];

  /** @param given answers that all paths know */
  constructor(private readonly given: ReadonlyMap<string, number> = new Map()) {
    this.answered = new Map(given);
  }
  /** For paths of their own, which know what this one knows. */
  apart(): Oracle {
    return new Oracle(this.answered);
  }

  choose(of: number, key: string, words: (choice: number) => string): number {
    const before = this.answered.get(key);
    if (before !== undefined) return before;
    const decision = this.decisions[this.at] ?? { choice: 0, of };
    if (this.at === this.decisions.length) this.decisions.push(decision);
    this.at++;
    this.answered.set(key, decision.choice);
    this.path.push({ question: words(0), choice: decision.choice, of, words: words(decision.choice) });
    return decision.choice;
  }

  /** What is known without asking: `x` is true, so it is not None. */
  note(key: string, choice: number): void {
    this.answered.set(key, choice);
  }
  known(key: string): number | undefined {
    return this.answered.get(key);
  }
  get answers(): ReadonlyMap<string, number> {
    return this.answered;
  }

  /** Sets out on the next path; false when all were gone. */
  next(): boolean {
    this.decisions.length = this.at;
    while (this.decisions.length > 0) {
      const last = this.decisions.at(-1)!;
      if (last.choice + 1 < last.of) {
        last.choice++;
        this.restart();
        return true;
      }
      this.decisions.pop();
    }
    return false;
  }
  private restart(): void {
    this.at = 0;
    this.answered = new Map(this.given);
    this.path.length = 0;
  }
}
