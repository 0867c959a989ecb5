import type { EntityId, LoadPath, OrmIndex, QueryTarget, QueryValue } from "../../../orm/index.js";
import type { Expr } from "../../../python/index.js";
import { insertion, type Edit } from "./edit.js";
import { isContinued, listAround } from "./syntax.js";

/** Into the chain's own `.options(...)`, else right behind the root: that is on every path. */
export function placed(query: QueryValue, option: string, newline: string): Edit {
  const { site, indent, optionList } = query;
  if (site.style === "get") {
    if (!optionList) return insertion(site.file, site.end - 1, `, options=[${option}]`);
    return insertion(site.file, optionList.insertAt, optionList.empty ? option : `, ${option}`);
  }
  const own = query.optionsCalls.find((call) => call.file === site.file && call.chainStart === site.start);
  if (own) {
    const separator = own.indent === undefined ? ", " : `,${newline}${" ".repeat(own.indent)}`;
    return insertion(site.file, own.insertAt, own.empty ? option : `${separator}${option}`);
  }
  const link = indent === undefined ? "" : `${newline}${" ".repeat(indent)}`;
  return insertion(site.file, site.end, `${link}.options(${option})`);
}

/** Whether the query is written for any entity, which a variable, a parameter or `self` names: `select(self.model)`. */
export function isGeneric(index: OrmIndex, query: QueryValue, { text, value }: QueryTarget): boolean {
  if (value.kind !== "entityClass" || value.aliased || text === "") return false;
  const { file, scope } = query.site;
  const entity = index.entities.get(value.entity);
  const words = text.split(".");
  const [first = ""] = words;
  // `cls` in the entity's own method.
  if (first === "cls" && words.length === 1) return entity?.file !== file || !scope.startsWith(`${entity.name}.`);
  const expr = words.slice(1).reduce<Expr>((of, name) => ({ kind: "attribute", start: 0, end: 0, of, name }), {
    kind: "name",
    start: 0,
    end: 0,
    id: first,
  });
  if (index.entity(index.symbols.resolve(file, expr))?.id === value.entity) return false;
  const imports = index.files.get(file)?.imports ?? [];
  return !imports.some(
    (fact) => fact.function !== 0 && (fact.alias === first || fact.names?.some((one) => (one.alias ?? one.name) === first)),
  );
}

/** Whether the option stands in a list for this entity, outside of the query's own code. */
export function placedInList(index: OrmIndex, query: QueryValue, { place, steps, root }: LoadPath, entity: EntityId): boolean {
  const facts = index.files.get(place.file);
  const own =
    place.file === query.site.file && query.optionsCalls.some((call) => place.start >= call.chainStart && place.end <= call.insertAt);
  const of = root ?? steps[0]?.entity;
  return facts !== undefined && !own && of === entity && !isContinued(facts, place) && listAround(facts, place) !== undefined;
}
