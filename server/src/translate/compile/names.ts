import { refuse, type Name } from "../sql/ir.js";

/** PostgreSQL's longest name; what is longer SQLAlchemy shortens in its own way. */
const longest = 63;

/** Gives made-up names their numbers, in the order in which they are first rendered: one count for each base, binds included. */
export class Names {
  private readonly given = new Map<object, string>();
  private readonly counts = new Map<string, number>();

  text(name: Name): string {
    const text =
      typeof name === "string" ? name : "of" in name ? `${this.text(name.of)}_${this.text(name.rest)}` : this.numbered(name, name.base);
    return text.length > longest ? refuse(`the name ${text} is longer than PostgreSQL's names are`) : text;
  }

  /** A bind takes part in the count, though its name does not reach the server. */
  numbered(of: object, base: string): string {
    const known = this.given.get(of);
    if (known !== undefined) return known;
    const count = (this.counts.get(base) ?? 0) + 1;
    this.counts.set(base, count);
    const text = `${base}_${count}`;
    this.given.set(of, text);
    return text;
  }
}
