import type { FileFacts } from "../python/index.js";
import { Frame } from "./execute/frame.js";
import type { Machine } from "./execute/machine.js";
import type { SyntaxSite } from "./sites.js";
import type { Value } from "./values.js";

/** What surrounds a query expression: the object whose method it stands in, the class in whose body it stands. */
export class PythonScope {
  constructor(
    private readonly m: Machine,
    private readonly file: string,
    private readonly facts: FileFacts,
  ) {}

  /** `self` or `cls` of a method; undefined for what is none. */
  selfOf(index: number): Value | undefined {
    const fn = this.facts.functions[index]!;
    if (fn.class === undefined || fn.params.length === 0) return undefined;
    const decorators = fn.decorators.map((one) => (one.kind === "name" ? one.id : one.kind === "attribute" ? one.name : ""));
    if (decorators.includes("staticmethod")) return undefined;
    const ref = { file: this.file, index: fn.class, fact: this.facts.classes[fn.class]! };
    const entity = this.m.index.entityOfClass(ref);
    const first = fn.params[0]!.name;
    const asClass =
      decorators.includes("classmethod") || decorators.includes("expression") || first === "cls" || decorators.includes("declared_attr");
    if (asClass) return entity ? { kind: "entity", use: this.m.mapping.use(entity) } : { kind: "class", class: ref };
    return { kind: "instance", name: first, ...(entity ? { entity } : {}), class: ref, attributes: new Map() };
  }

  /** A query in a class's body: as one of its attributes. */
  runField(site: SyntaxSite, around: Frame | undefined): void {
    const fact = this.facts.classes[site.class!]!;
    const field = fact.fields.find(({ value }) => value && value.start <= site.start && site.end <= value.end);
    if (!field?.value) return;
    const frame = new Frame(this.file, fact.function, 0, around);
    const entity = this.m.index.entityOfClass({ file: this.file, index: site.class!, fact });
    if (entity)
      for (const { attribute, column } of this.m.mapping.use(entity).columns)
        if (!column.computed) frame.set(attribute, { kind: "sql", sql: this.m.mapping.use(entity).columnOf(attribute)! });
    this.m.eval(field.value, frame);
  }
}
