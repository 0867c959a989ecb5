import type { CallExpr, Expr } from "../../python/index.js";
import type { Relationship } from "../../orm/index.js";
import { asArguments } from "../../orm/entities/calls.js";
import { refuse, type EntityUse } from "../sql/ir.js";
import { declaredIn } from "./fields.js";
import type { Mapping } from "./mapping.js";

/** The `relationship(...)` call that declares a relationship. */
export interface Declaration {
  readonly file: string;
  readonly call: CallExpr;
  /** It is the `backref` of the relationship that is declared. */
  readonly reversed: boolean;
  argument(name: string): Expr | undefined;
}

const positions: readonly string[] = ["argument", "secondary"];

function argumentIn(call: CallExpr, name: string): Expr | undefined {
  const keyword = call.args.find((arg) => arg.name === name)?.value;
  if (keyword) return keyword;
  const through = asArguments(call.args.find((arg) => arg.name === "sa_relationship_kwargs")?.value).find(
    (arg) => arg.name === name,
  )?.value;
  if (through) return through;
  if (name === "secondary") {
    const link = call.args.find((arg) => arg.name === "link_model")?.value;
    if (link) return link;
  }
  const at = positions.indexOf(name);
  const positional = call.args.filter((arg) => arg.name === undefined && !arg.splat);
  return at < 0 ? undefined : positional[at]?.value;
}

export function declarationOf(mapping: Mapping, owner: EntityUse, relationship: Relationship): Declaration {
  const call = callAt(mapping, relationship) ?? refuse(`the declaration of ${relationship.name} is not found`);
  const declaredBy = mapping.index.entities.get(relationship.owner) ?? owner.entity;
  const reversed = isBackref(relationship, declaredBy.relationships.get(relationship.name)?.inverse, call);
  if (!reversed) return { file: relationship.file, call, reversed, argument: (name) => argumentIn(call, name) };
  const back = argumentIn(call, "backref");
  const own = back?.kind === "call" ? back : undefined;
  return {
    file: relationship.file,
    call,
    reversed,
    argument: (name) => {
      const written = own?.args.find((arg) => arg.name === name)?.value;
      if (written) return written;
      // The reverse takes the joins over; `remote_side` is turned round.
      return ["secondary", "foreign_keys", "primaryjoin", "secondaryjoin"].includes(name) ? argumentIn(call, name) : undefined;
    },
  };
}

function isBackref(relationship: Relationship, inverse: string | undefined, call: CallExpr): boolean {
  const back = argumentIn(call, "backref");
  if (!back || inverse === undefined) return false;
  const name =
    back.kind === "string"
      ? back.value
      : back.kind === "call" && back.args[0]?.value.kind === "string"
        ? back.args[0].value.value
        : undefined;
  return name === relationship.name;
}

/** The call in the text at the place that the index keeps. */
function callAt(mapping: Mapping, { file, span }: Relationship): CallExpr | undefined {
  const facts = mapping.index.files.get(file);
  if (!facts) return undefined;
  for (const [index, fact] of facts.classes.entries())
    for (const field of declaredIn(mapping.index, { file, index, fact }))
      if (field.start === span.start && field.value?.kind === "call") return field.value;
  for (const statement of facts.functions[0]!.body)
    if (statement.kind === "assign" && statement.start === span.start && statement.value?.kind === "call") return statement.value;
  return undefined;
}
