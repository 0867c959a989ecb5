import type { EntityId, Relationship } from "../../orm/index.js";
import { stepOf } from "../compile/eager.js";
import { shapeOf } from "../../orm/entities/annotations.js";
import { declaredIn } from "../mapping/fields.js";
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
const others = new Set(["defaultload", "load_only", "defer", "undefer", "undefer_group", "Load", "no eager"]);
/** Whether nothing but what is known here is asked for. */
export const isUnderstood = (option: LoadOption): boolean =>
  (option.strategy in byOption || others.has(option.strategy)) && option.next.every(isUnderstood);

const byDeclaration: Readonly<Record<string, string>> = { True: "select", False: "joined", None: "noload" };
const byAnnotation: Readonly<Record<string, string>> = { DynamicMapped: "dynamic", WriteOnlyMapped: "write_only" };

/** Undefined where it cannot be told. */
export function loadingOf(mapping: Mapping, relationship: Relationship, options: readonly LoadOption[]): Loading | undefined {
  // A query of its own is no option's affair.
  if (relationship.loading === "query") return { relationship, by: queryKind(mapping, relationship), named: false, next: [], criteria: [] };
  const { strategy, option } = stepOf(relationship, options);
  if (option?.ofType || option?.special) return undefined;
  const lazy = relationship.lazy ?? "select";
  const by = strategy === "other" ? (byDeclaration[lazy] ?? lazy) : byOption[strategy];
  if (by === undefined) return undefined;
  const named = option !== undefined && option.strategy !== "defaultload";
  return { relationship, by, named, next: option?.next ?? [], criteria: named ? (option.criteria ?? []) : [] };
}

function queryKind(mapping: Mapping, { lazy, file, span }: Relationship): string {
  if (lazy !== undefined) return lazy;
  for (const [index, fact] of mapping.index.files.get(file)?.classes.entries() ?? [])
    for (const { start, annotation } of declaredIn(mapping.index, { file, index, fact })) {
      const wrapper = start === span.start && annotation ? shapeOf(annotation).mapped : undefined;
      if (wrapper !== undefined) return byAnnotation[wrapper] ?? "dynamic";
    }
  return "dynamic";
}

const isWildcard = ({ names, strategy, owner }: LoadOption) => !owner && (names.includes("*") || strategy === "undefer_group");
/** `lazyload("*")` holds for the first entity of every statement that loads something for the query. */
export const wildcardsOf = (options: readonly LoadOption[]): readonly LoadOption[] => options.filter(isWildcard);

/** Options in the statements that follow the query: what only its own joins can give is left out. */
export function propagated(options: readonly LoadOption[]): readonly LoadOption[] {
  return options.map((option) => ({
    ...option,
    strategy: option.strategy === "contains_eager" ? "defaultload" : option.strategy,
    next: propagated(option.next),
  }));
}

/** Options that an entity of the query keeps for what it loads later. */
export const kept = (options: readonly LoadOption[]): readonly LoadOption[] => propagated(options.filter((option) => !isWildcard(option)));

/** How often a declared strategy may be followed on the way: each class once, or `join_depth` steps. */
export function followsDefault(mapping: Mapping, owner: EntityUse, { relationship }: Loading, path: readonly EntityId[]): boolean {
  const depth = declarationOf(mapping, owner, relationship).argument("join_depth");
  if (!depth || (depth.kind === "constant" && depth.value === null)) return !path.includes(relationship.target ?? "");
  return depth.kind === "number" ? path.length <= Number(depth.text) : refuse(`join_depth= of ${relationship.name}`);
}
