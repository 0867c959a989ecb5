import { isAsync, queryOf, rootOf, type LazyLoad, type Relationship } from "../../orm/index.js";
import type { SentStatement } from "#protocol/finding";
import type { OrmIndex } from "../../orm/index.js";
import type { Problem } from "../rule.js";

/** `User.orders` */
export function nameOf(index: OrmIndex, relationship: Relationship): string {
  return `${index.entities.get(relationship.owner)?.name ?? "?"}.${relationship.name}`;
}

/** `user`, or `row` where a round binds several names. */
export function roundOf(load: LazyLoad): string {
  return roundName(load.iteration?.target, "row");
}

/** The loop's variable, or `otherwise` where a round binds several names or none. */
export function roundName(target: string | undefined, otherwise: string): string {
  return !target || target.includes(",") || target.includes("…") ? otherwise : `\`${target}\``;
}

/** Where the rows come from, as a place to go to. */
export function originPlaces(load: LazyLoad): Problem["related"] {
  const places: { file: string; span: { start: number; end: number }; message: string }[] = [];
  const query = queryOf(load.owner);
  const { origin } = rootOf(load.owner);
  if (query) {
    const { file, start, end } = query.site;
    places.push({
      file,
      span: { start, end },
      message: `The rows are loaded here${isAsync(load.owner) ? " by an AsyncSession" : ""}, without \`${load.relationship.name}\`.`,
    });
  } else if (origin.kind === "declared")
    places.push({ file: origin.file, span: { start: origin.start, end: origin.end }, message: `The rows come in here (${origin.what}).` });
  const overlaps =
    query && query.site.file === load.iteration?.file && query.site.start >= load.iteration.start && query.site.end <= load.iteration.end;
  if (load.iteration && !overlaps) {
    const { file, start, end } = load.iteration;
    places.push({ file, span: { start, end }, message: "This runs once per row." });
  }
  return places;
}

/** The statement that loading the relationship once sends. */
export function sentFor(index: OrmIndex, relationship: Relationship): readonly SentStatement[] {
  const target = relationship.target === undefined ? undefined : index.entities.get(relationship.target);
  const owner = index.entities.get(relationship.owner);
  if (target?.table === undefined || relationship.secondary || relationship.customJoin) return [];
  const columns = relationship.collection
    ? [...target.columns.values()].filter((column) => owner?.table !== undefined && column.foreignKey?.table === owner.table)
    : [...target.columns.values()].filter((column) => column.primaryKey);
  if (columns.length !== 1) return [];
  return [
    {
      ...(target.schema === undefined ? {} : { schema: target.schema }),
      table: target.table,
      columns: columns.map((column) => column.column),
    },
  ];
}
