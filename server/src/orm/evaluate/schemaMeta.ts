import { isTrue } from "../entities/calls.js";
import type { ClassRef } from "../entities/classes.js";
import type { EntityId } from "../entities/entity.js";
import type { Expr } from "../../python/index.js";
import type { Evaluator } from "./evaluator.js";

/** What a marshmallow schema's `class Meta` says, its own and what that inherits. */
export interface SchemaMeta {
  /** Whether a field is dumped, by `fields` and `exclude`; both count for declared fields too. */
  readonly dumps: (name: string) => boolean;
  /** `model` of marshmallow-sqlalchemy, where `include_relationships` makes a field of each of its relationships. */
  readonly relationshipsOf?: EntityId;
}

const everything: SchemaMeta = { dumps: () => true };

/** @see https://marshmallow.readthedocs.io/en/stable/api_reference.html#marshmallow.Schema.Meta */
export function metaOf(ev: Evaluator, schema: ClassRef): SchemaMeta {
  const metas = metasOf(ev, schema);
  if (metas.length === 0) return everything;
  const option = (name: string) => metas.map((meta) => ev.index.classes.field(meta, name)).find((one) => one !== undefined);
  const [fields, exclude, loadOnly] = ["fields", "exclude", "load_only"].map((name) => textsIn(option(name)?.field.value));
  const model = option("model");
  const related = model?.field.value && isTrue(option("include_relationships")?.field.value);
  const ref = related ? ev.index.classes.of(ev.index.symbols.resolve(model.in.file, model.field.value!)) : undefined;
  const entity = ref && ev.index.entityOfClass(ref);
  return {
    dumps: (name) => (fields === undefined || fields.includes(name)) && !exclude?.includes(name) && !loadOnly?.includes(name),
    ...(entity ? { relationshipsOf: entity.id } : {}),
  };
}

/** The nearest one, and those of the base schemas as far as it inherits: `class Meta(BaseSchema.Meta)`. */
function metasOf(ev: Evaluator, schema: ClassRef): readonly ClassRef[] {
  const found = ev.index.classes.linear(schema).flatMap((at) => innerClass(ev, at) ?? []);
  const last = found.findIndex(({ fact }) => fact.bases.length === 0);
  return last < 0 ? found : found.slice(0, last + 1);
}

function innerClass(ev: Evaluator, { file, fact }: ClassRef): ClassRef | undefined {
  const name = `${fact.qualifiedName}.Meta`;
  const index = ev.context.factsOf(file)?.classes.findIndex(({ qualifiedName }) => qualifiedName === name) ?? -1;
  return index < 0 ? undefined : ev.index.classes.of({ kind: "class", file, index });
}

/** Undefined where the list is not written out. */
function textsIn(value: Expr | undefined): readonly string[] | undefined {
  if (value?.kind !== "tuple" && value?.kind !== "list" && value?.kind !== "set") return undefined;
  return value.items.every(({ kind }) => kind === "string")
    ? value.items.map((item) => (item.kind === "string" ? item.value : ""))
    : undefined;
}
