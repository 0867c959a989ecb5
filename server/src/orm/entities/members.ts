import type { Expr } from "../../python/index.js";
import { wordOf } from "../project/names.js";
import { asArguments, keyword, positional, stringOf } from "./calls.js";
import type { Classes, ClassRef } from "./classes.js";
import type { ColumnAttribute, Entity } from "./entity.js";
import type { Placed } from "./fields.js";

/** What a mapped class has besides columns and relationships. */
export type Members = Pick<
  Entity,
  "synonyms" | "composites" | "proxies" | "hybrids" | "discriminator" | "polymorphic" | "loadedWithBase" | "queryClass"
>;

/** A name in a mapping's arguments: a string, a name of the class's body, or what a dotted path ends in. */
function nameOf(expr: Expr | undefined): string | undefined {
  if (expr?.kind === "name") return expr.id;
  return expr?.kind === "attribute" ? expr.name : stringOf(expr);
}

/** @param fields of the class and its ancestors, nearest last */
export function readMembers(classes: Classes, ref: ClassRef, fields: readonly Placed[]): Members {
  const synonyms = new Map<string, string>();
  const composites = new Map<string, readonly string[]>();
  const proxies = new Map<string, { relationship: string; attribute: string }>();
  for (const { file, field } of fields) {
    if (field.value?.kind !== "call") continue;
    const word = wordOf(classes.symbols, file, field.value.callee);
    const args = positional(field.value);
    if (word === "synonym") {
      const target = nameOf(keyword(field.value, "name") ?? args[0]);
      if (target !== undefined) synonyms.set(field.name, target);
    } else if (word === "composite")
      composites.set(
        field.name,
        args.flatMap((arg) => nameOf(arg) ?? []),
      );
    else if (word === "association_proxy") {
      const [relationship, attribute] = [
        stringOf(keyword(field.value, "target_collection") ?? args[0]),
        stringOf(keyword(field.value, "attr") ?? args[1]),
      ];
      if (relationship !== undefined && attribute !== undefined) proxies.set(field.name, { relationship, attribute });
    }
  }
  return { synonyms, composites, proxies, hybrids: hybridsOf(classes, ref), ...inheritanceOf(ref, fields), ...queryClassOf(classes, ref) };
}

function hybridsOf(classes: Classes, ref: ClassRef): Entity["hybrids"] {
  const hybrids = new Map<string, { file: string; function: number }>();
  for (const at of [...classes.linear(ref)].reverse()) {
    const facts = classes.symbols.files.get(at.file)!;
    for (const index of at.fact.methods) {
      const method = facts.functions[index]!;
      if (method.decorators.some((one) => wordOf(classes.symbols, at.file, one) === "hybrid_property"))
        hybrids.set(method.name, { file: at.file, function: index });
    }
  }
  return hybrids;
}

/** `__mapper_args__`: what tells the classes apart is inherited; what is loaded together is each class's own. */
function inheritanceOf(ref: ClassRef, fields: readonly Placed[]): Partial<Members> {
  let discriminator: string | undefined;
  let own: Placed | undefined;
  for (const placed of fields) {
    if (placed.field.name !== "__mapper_args__") continue;
    const written = argument(placed, "polymorphic_on");
    if (written) discriminator = nameOf(written);
    if (placed.class.file === ref.file && placed.class.index === ref.index) own = placed;
  }
  const polymorphic = own && argument(own, "with_polymorphic");
  const load = own && stringOf(argument(own, "polymorphic_load"));
  return {
    ...(discriminator === undefined ? {} : { discriminator }),
    // Whatever the classes in it are: what they have is not claimed to be missing.
    ...(polymorphic ? { polymorphic: "all" as const } : {}),
    ...(load === "inline" || load === "selectin" ? { loadedWithBase: true as const } : {}),
  };
}
const argument = ({ field }: Placed, name: string) => asArguments(field.value).find((one) => one.name === name)?.value;

/** `query_class = PostQuery`, `query = session.query_property(PostQuery)`, `db = SQLAlchemy(query_class=PostQuery)`. */
function queryClassOf(classes: Classes, ref: ClassRef): Pick<Entity, "queryClass"> {
  const named = (file: string, expr: Expr | undefined) => expr && classes.of(classes.symbols.resolve(file, expr));
  const field = classes.field(ref, "query_class");
  const property = classes.field(ref, "query");
  const call = property?.field.value?.kind === "call" ? property.field.value : undefined;
  const found =
    (field && named(field.in.file, field.field.value)) ??
    (call && named(property!.in.file, keyword(call, "query_cls") ?? positional(call)[0])) ??
    extensionsQueryClass(classes, ref);
  return found ? { queryClass: { file: found.file, class: found.index } } : {};
}

function extensionsQueryClass(classes: Classes, ref: ClassRef): ClassRef | undefined {
  for (const at of classes.linear(ref))
    for (const base of at.fact.bases) {
      const made = base.kind === "attribute" ? classes.symbols.resolve(at.file, base.of) : undefined;
      if (made?.kind !== "variable" || made.value?.kind !== "call") continue;
      const written = keyword(made.value, "query_class");
      if (written) return classes.of(classes.symbols.resolve(made.file, written));
    }
  return undefined;
}

/** The columns with what the other members say of them. */
export function markedColumns(columns: ReadonlyMap<string, ColumnAttribute>, members: Members): Map<string, ColumnAttribute> {
  const result = new Map(columns);
  const mark = (name: string, more: Partial<ColumnAttribute>) => {
    const column = result.get(name) ?? [...columns.values()].find((one) => one.column === name);
    if (column) result.set(column.name, { ...(result.get(column.name) ?? column), ...more });
  };
  if (members.discriminator !== undefined) mark(members.discriminator, { alwaysLoaded: true });
  for (const [composite, names] of members.composites) for (const name of names) mark(name, { composite });
  return result;
}
