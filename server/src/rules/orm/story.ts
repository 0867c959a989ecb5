import { isAsync, pathOf, queryOf, rootOf, type EntityValue, type Frame, type LazyLoad, type OrmSubject } from "../../orm/index.js";
import type { NamedPlace, Problem } from "../rule.js";
import { shortName } from "../shortName.js";
import { nameOf, roundOf } from "./wording.js";

type Piece = string | NamedPlace;
type Related = Problem["related"][number];

/** Calls that are shown at most, and queries: each of them lacks the option. */
const most = 5;
const mostQueries = 12;

/** `report()` in billing.py, `orders.html`. */
function reader(subject: OrmSubject, file: string, scope: string): string {
  if (!subject.index.files.has(file)) return `\`${shortName(file)}\``;
  return scope ? `\`${called(scope)}\` in ${shortName(file)}` : shortName(file);
}
/** Methods and properties are called by their class's name, functions with brackets. */
const called = (scope: string) => (scope.includes(".") || scope === "" ? scope : `${scope}()`);

/** `OrderOut.items` in schemas.py: the field that reads. */
function fieldOf(subject: OrmSubject, load: LazyLoad): string {
  const cls = schemaAt(subject, load);
  const field = cls?.fields.find(({ start, end }) => start <= load.span.start && load.span.end <= end);
  if (!cls) return reader(subject, load.file, load.scope);
  // A field that marshmallow-sqlalchemy makes by itself stands nowhere.
  return `\`${field ? `${cls.name}.${field.name}` : cls.name}\` in ${shortName(load.file)}`;
}

const schemaAt = (subject: OrmSubject, { file, span }: LazyLoad) =>
  subject.index.files.get(file)?.classes.findLast(({ start, end }) => start <= span.start && span.end <= end);

/** Where the finding stands: the function, the schema, the template's block. */
export function scopeOf(subject: OrmSubject, load: LazyLoad): string {
  return load.medium === "serializer" && !load.scope ? (schemaAt(subject, load)?.qualifiedName ?? "") : load.scope;
}

/** What leads to a load, of a relationship or of a column. */
type Way = Pick<LazyLoad, "path" | "iteration" | "owner">;

/** The calls between the query or the loop, whichever comes first, and the place. */
function callsBetween({ path, iteration, owner }: Way): readonly Frame[] {
  if (!iteration) return path;
  const starts = [iteration, queryOf(owner)?.site].filter((one) => one !== undefined);
  const from = path.findIndex((frame) => starts.some((one) => one.file === frame.file && one.scope === frame.scope));
  const calls = from < 0 ? [] : path.slice(from);
  return calls.filter((frame, at) => at === 0 || calls[at - 1]!.span.start !== frame.span.start || calls[at - 1]!.file !== frame.file);
}

/** Whether query, loop and access stand side by side in one function: then there is nothing to tell. */
export function isDirect(load: LazyLoad): boolean {
  const here = (one: { file: string; scope: string }) => one.file === load.file && one.scope === load.scope;
  const { origin } = rootOf(load.owner);
  const site = queryOf(load.owner)?.site;
  const comesIn = origin.kind === "declared" && origin.file === load.file;
  return (!load.iteration || here(load.iteration)) && (site ? here(site) : comesIn);
}

/** `report()` in billing.py goes through `Order` rows loaded at repo.py:41 without `Order.customer`; `Order.label` reads it once per row */
export function tell(subject: OrmSubject, load: LazyLoad): readonly Piece[] {
  const name = nameOf(subject.index, load.relationship);
  if (isDirect(load)) return [direct(load, name)];
  const { iteration } = load;
  const who = load.medium === "serializer" ? fieldOf(subject, load) : reader(subject, load.file, load.scope);
  const rows = rowsOf(subject, load.owner, name);
  if (!iteration) return [`${who} reads \`${name}\` of `, ...rows];
  const loop = reader(subject, iteration.file, iteration.scope);
  const verb = iteration.kind === "callback" && load.medium === "serializer" ? "hands out" : "iterates";
  if (iteration.file === load.file && iteration.scope === load.scope && (load.medium !== "serializer" || load.scope !== ""))
    return [`${loop} ${verb} `, ...rows, ` and reads it once per ${roundOf(load)}`];
  return [`${loop} ${verb} `, ...rows, `; ${who} reads it once per ${roundOf(load)}`];
}

function direct(load: LazyLoad, name: string): string {
  const fails = load.raises === true || isAsync(load.owner);
  if (!load.iteration) return `\`${name}\` is read and not loaded`;
  return fails ? `\`${name}\` is read once per ${roundOf(load)} and not loaded` : `\`${name}\` is loaded once per ${roundOf(load)}`;
}

function rowsOf(subject: OrmSubject, owner: EntityValue, name: string): Piece[] {
  const root = rootOf(owner);
  const entity = subject.index.entities.get(root.entity)?.name ?? "?";
  const site = queryOf(owner)?.site;
  const way = pathOf(owner).map((one) => one.name);
  const behind = way.length ? ` (by way of \`${way.join(".")}\`)` : "";
  if (site) return [`\`${entity}\` rows loaded at `, { file: site.file, at: site.start }, ` without \`${name}\`${behind}`];
  const from = root.origin.kind === "declared" ? ` (${root.origin.what})` : "";
  return [`\`${entity}\` rows${from} that nothing loads with \`${name}\`${behind}`];
}

/** The query, the loop, and the calls that lead from it to the place. */
export function placesOf(load: LazyLoad): Related[] {
  const commit = load.expiredBy ? [{ ...load.expiredBy, message: "The commit in each round is here." }] : [];
  return [...originsOf(load), ...wayTo(load), ...commit];
}

/** The loop, and the calls that lead from it to the place. */
export const wayTo = (load: Way): Related[] => [...loopOf(load), ...callsOf(load)];

function originsOf(load: LazyLoad): Related[] {
  const places: Related[] = [];
  const add = (place: Related) => {
    const known = places.some((one) => one.file === place.file && one.span.start === place.span.start);
    if (!known && places.length < mostQueries) places.push(place);
  };
  for (const owner of [load.owner, ...(load.also ?? [])]) {
    const { origin } = rootOf(owner);
    const missing = `without \`${load.relationship.name}\``;
    if (origin.kind === "query") {
      const { file, start, end } = origin.query.site;
      const by = origin.async ? " by an AsyncSession" : "";
      add({ file, span: { start, end }, message: `The rows are loaded here${by}, ${missing}.` });
    } else if (origin.kind === "declared")
      add({ file: origin.file, span: { start: origin.start, end: origin.end }, message: `The rows come in here (${origin.what}).` });
  }
  return places;
}

function loopOf({ iteration, owner }: Way): Related[] {
  if (!iteration) return [];
  const { file, start, end } = iteration;
  const site = queryOf(owner)?.site;
  const overlaps = site && site.file === file && site.start >= start && site.end <= end;
  return overlaps ? [] : [{ file, span: { start, end }, message: "This runs once per row." }];
}

function callsOf(load: Way): Related[] {
  const calls = callsBetween(load);
  // The outermost and the last say most.
  const shown = calls.length > most ? [...calls.slice(0, 2), ...calls.slice(-3)] : calls;
  return shown.map(({ file, span, scope, callee }) => ({
    file,
    span,
    message: `${scope ? `\`${called(scope)}\`` : "This"} leads to \`${called(callee)}\` here.`,
  }));
}
