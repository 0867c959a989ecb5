import type { Entity } from "../../orm/index.js";
import { asArguments } from "../../orm/entities/calls.js";
import { refuse } from "../sql/ir.js";
import { enumValue } from "./enums.js";
import type { Mapping } from "./mapping.js";

/** The class's `polymorphic_identity`; undefined where it has none. */
export function identityOf(mapping: Mapping, entity: Entity): string | number | undefined {
  const { index } = mapping;
  const ref = index.classes.of({ kind: "class", file: entity.file, index: entity.class });
  const args = asArguments(ref?.fact.fields.findLast((field) => field.name === "__mapper_args__")?.value);
  const keyword = ref?.fact.keywords.find((one) => one.name === "polymorphic_identity")?.value;
  const written = keyword ?? args.find((arg) => arg.name === "polymorphic_identity")?.value;
  if (!written) return undefined;
  if (written.kind === "string") return written.value;
  if (written.kind === "number") return Number(written.text);
  return enumValue(index, entity.file, written)?.database ?? refuse(`the polymorphic_identity of ${entity.name} is not a constant`);
}
