import type { Value } from "../values.js";

/** The names of a function while it runs; a nested function sees those around it. */
export class Frame {
  readonly names = new Map<string, Value>();
  returned: Value | undefined;
  /** How the path came to the call, or to the round of a loop. */
  context = "";
  /** What the function was given that it may change for its caller. */
  given: readonly Value[] = [];
  /** Number of decisions on the path when states were last compared. */
  compared = 0;

  constructor(
    readonly file: string,
    /** Index of the function in its file. */
    readonly index: number,
    readonly depth: number,
    readonly around?: Frame,
  ) {}

  get(name: string): Value | undefined {
    return this.names.get(name) ?? this.around?.get(name);
  }
  set(name: string, value: Value): void {
    if (this.around && this.outer.has(name)) this.around.set(name, value);
    else this.names.set(name, value);
  }
  /** Names that belong to the function around. */
  outer: ReadonlySet<string> = new Set();
}
