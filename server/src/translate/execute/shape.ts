import type { EntityUse, Sql } from "../sql/ir.js";
import { proxyOf } from "../sql/make.js";
import type { Value } from "../values.js";
import { Frame } from "./frame.js";

/** What is known of values, by the text of a question and the values that it is about. */
export interface Fact {
  readonly text: string;
  readonly values: readonly object[];
  readonly answer: number;
}

/**
 * Values written down so that two texts are equal only where the values are alike: the same objects, up to which new object is which. Parts
 * that all paths share (classes, tables, code) go by their names.
 */
export class Shape {
  private readonly parts: string[] = [];
  private readonly seen = new Map<object, number>();
  /** Places of the query expressions that the values hold. */
  readonly sites = new Set<string>();

  get text(): string {
    return this.parts.join("");
  }

  add(value: unknown): this {
    if (typeof value === "object" && value !== null) this.object(value);
    else if (typeof value === "string") this.parts.push(JSON.stringify(value));
    else this.parts.push(typeof value === "function" ? "()" : String(value), ",");
    return this;
  }

  private object(value: object): void {
    const before = this.seen.get(value);
    if (before !== undefined) {
      this.parts.push(`#${before}`);
      return;
    }
    this.seen.set(value, this.seen.size);
    if (Array.isArray(value)) this.list("[", value);
    else if (value instanceof Map) this.list("{", [...(value as Map<unknown, unknown>)].flat(1));
    else if (value instanceof Frame) this.list(`frame ${value.index}`, [value.file, value.names, value.around]);
    else if ("columnOf" in value) this.use(value as unknown as EntityUse);
    else this.members(value);
  }
  private list(opens: string, items: readonly unknown[]): void {
    this.parts.push(opens, "(");
    for (const item of items) this.add(item);
    this.parts.push(")");
  }
  private use({ entity, aliased, selectable }: EntityUse): void {
    this.parts.push("use ", entity.id, ";");
    if (aliased) this.add(selectable);
  }
  private members(value: object): void {
    const proxy = "kind" in value ? proxyOf(value as Sql) : undefined;
    this.parts.push(proxy === undefined ? "<" : `<${proxy}~`);
    for (const key of Object.keys(value)) {
      const child = (value as Record<string, unknown>)[key];
      if (child === undefined) continue;
      this.parts.push(key, "=");
      this.member(key, child);
    }
    this.parts.push(">");
  }
  private member(key: string, child: unknown): void {
    if (key === "entity") this.add((child as { id: string }).id);
    else if (key === "fact") this.parts.push("…");
    else if (key === "expr") this.add((child as { start: number }).start);
    else if (key === "site") {
      const { file, span } = child as { file: string; span: { start: number; end: number } };
      const place = `${file}\n${span.start}\n${span.end}`;
      this.sites.add(place);
      this.parts.push(place);
    } else this.add(child);
  }

  /**
   * Answers that can be met again: those about values that are still there, and about no value of this path at all.
   * @param shared values that every function can reach
   */
  addFacts(facts: readonly Fact[], attributesOf: Attributes, shared: ReadonlyMap<string, Value>): void {
    const leads = leadingTo(new Set(facts.flatMap(({ values }) => values)), attributesOf);
    for (const [key, value] of shared) if (value.kind === "parameter" && leads(value)) this.add(key).add(value);
    // A map grows while it is walked: attributes of attributes are met too.
    for (const [value, number] of this.seen)
      for (const [name, attribute] of attributesOf(value) ?? []) if (leads(attribute)) this.add(`${number}.${name}`).add(attribute);
    const lasting = facts.filter(({ values }) => values.every((value) => this.seen.has(value)));
    const written = lasting.map(({ text, values, answer }) => `${text} ${values.map((value) => this.seen.get(value)).join()}=${answer};`);
    this.parts.push(...written.sort());
  }
}

type Attributes = (value: object) => ReadonlyMap<string, Value> | undefined;

/** Whether a value is one of those, or has one of them for an attribute. */
function leadingTo(wanted: ReadonlySet<object>, attributesOf: Attributes): (value: object) => boolean {
  const known = new Map<object, boolean>();
  const leads = (value: object): boolean => {
    const before = known.get(value);
    if (before !== undefined) return before;
    known.set(value, wanted.has(value));
    const leading = wanted.has(value) || [...(attributesOf(value)?.values() ?? [])].some(leads);
    known.set(value, leading);
    return leading;
  };
  return leads;
}
