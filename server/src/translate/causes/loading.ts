import type { EntityId, Relationship } from "../../orm/index.js";
import { stepOf } from "../compile/eager.js";
import { declarationOf } from "../mapping/declaration.js";
import type { Mapping } from "../mapping/mapping.js";
import { refuse, type EntityUse, type LoadOption, type Sql } from "../sql/ir.js";

/** How a relationship of a loaded entity is loaded. */
export interface Loading {
  readonly relationship: Relationship;
  /** `lazy`, `selectin`, `joined`, …: the words of `lazy=`; `contains_eager`. */
  readonly by: string;
  /** An option of the query says so; without one, loading does not go round in circles. */
  readonly named: boolean;
  /** Options for what is loaded. */
  readonly next: readonly LoadOption[];
  /** `User.orders.and_(…)`. */
  readonly criteria: readonly Sql[];
}

const byOption: Readonly<Record<string, string>> = {
  joinedload: "joined",
  selectinload: "selectin",
  subqueryload: "subquery",
  immediateload: "immediate",
  lazyload: "select",
  noload: "noload",
  raiseload: "raise",
  contains_eager: "contains_eager",
};
const byDeclaration: Readonly<Record<string, string>> = { True: "select", False: "joined", None: "noload" };

/** Undefined where it cannot be told. */
export function loadingOf(relationship: Relationship, options: readonly LoadOption[]): Loading | undefined {
  const { strategy, option } = stepOf(relationship, options);
  if (option?.ofType || option?.special) return undefined;
  const lazy = relationship.lazy ?? "select";
  const declared = byDeclaration[lazy] ?? lazy;
  const by = strategy === "other" ? declared : byOption[strategy];
  if (by === undefined) return undefined;
  const named = option !== undefined && option.strategy !== "defaultload";
  return { relationship, by, named, next: option?.next ?? [], criteria: option?.criteria ?? [] };
}

const isWildcard = (option: LoadOption) => option.names.includes("*");
/** `lazyload("*")` holds for the first entity of every statement that loads something for the query. */
export const wildcardsOf = (options: readonly LoadOption[]): readonly LoadOption[] =>
  options.filter((option) => isWildcard(option) && !option.owner);

/** Options that an entity keeps for what it loads later: neither wildcards, nor what only the query's own joins can give. */
export function kept(options: readonly LoadOption[]): readonly LoadOption[] {
  return options
    .filter((option) => !isWildcard(option))
    .map((option) => ({ ...option, strategy: option.strategy === "contains_eager" ? "defaultload" : option.strategy, next: kept(option.next) }));
}

/** How often a declared strategy may be followed on the way: each class once, or `join_depth` steps. */
export function followsDefault(mapping: Mapping, owner: EntityUse, { relationship }: Loading, path: readonly EntityId[]): boolean {
  const depth = declarationOf(mapping, owner, relationship).argument("join_depth");
  if (!depth || (depth.kind === "constant" && depth.value === null)) return !path.includes(relationship.target ?? "");
  return depth.kind === "number" ? path.length <= Number(depth.text) : refuse(`join_depth= of ${relationship.name}`);
}
