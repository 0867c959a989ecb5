import type { TranslatedParameter } from "#protocol/translation";
import type { BoundValue, Json, Recording, SentStatement } from "./recording.js";
import { canonicalTree, NoStatement, sameTree, type CanonicalTree } from "./trees.js";

/** What was found when our SQL was held against a statement that real SQLAlchemy sent. */
export interface Comparison {
  /** None: the same statement, with the same values. */
  readonly complaints: readonly string[];
  /** The trees are equal; what is left are values and types. */
  readonly sameTree: boolean;
  /** Aliases have the very names that SQLAlchemy gave them. */
  readonly sameNames: boolean;
  /** Our statement with the placeholders that it was sent with. */
  readonly executable?: Executable;
}

export interface Executable {
  readonly sql: string;
  readonly values: readonly (string | null)[];
}

/**
 * `parameters` undefined: nothing is said about values (statements that loading causes). `args`: what the function was called with.
 */
export function compareStatements(
  sql: string,
  parameters: readonly TranslatedParameter[] | undefined,
  real: SentStatement,
  args: Recording["arguments"],
): Comparison {
  let ours: CanonicalTree;
  try {
    ours = canonicalTree(sql);
  } catch (error) {
    if (!(error instanceof NoStatement)) throw error;
    return { complaints: [`does not parse: ${error.message}`], sameTree: false, sameNames: false };
  }
  // Which casts a driver adds is the driver's affair: both writings are right, but not a mixture of them.
  const texts = real.bare === real.sql ? [real.bare] : [real.bare, real.sql];
  for (const text of texts) {
    const theirs = canonicalTree(text);
    if (!sameTree(ours.tree, theirs.tree)) continue;
    const complaints = [...slotComplaints(ours, theirs, parameters, real.parameters, args)];
    return {
      complaints,
      sameTree: true,
      sameNames: sameTree(ours.named, theirs.named),
      executable: executable(sql, ours, theirs, real.parameters, text === real.bare),
    };
  }
  return { complaints: ["another tree"], sameTree: false, sameNames: false };
}

function* slotComplaints(
  ours: CanonicalTree,
  theirs: CanonicalTree,
  parameters: readonly TranslatedParameter[] | undefined,
  bound: readonly BoundValue[],
  args: Recording["arguments"],
): Generator<string> {
  if (!parameters) return;
  const numbers = ours.slots.flat();
  if (parameters.length !== numbers.length || parameters.some(({ position }) => !numbers.includes(position)))
    yield `${parameters.length} parameters are described, the SQL has ${numbers.length}`;
  for (const [slot, mine] of ours.slots.entries()) {
    const values = (theirs.slots[slot] ?? []).map((number) => bound[number - 1]!);
    const described = mine.map((number) => parameters.find(({ position }) => position === number));
    const [first] = described;
    if (first?.expanding) yield* listComplaints(first, values, args);
    else if (described.length !== values.length) yield `$${mine.join(", $")}: ${described.length} elements, ${values.length} were bound`;
    else for (const [at, one] of described.entries()) if (one) yield* complaintsOf(one, values[at]!, args);
  }
}

function* listComplaints(parameter: TranslatedParameter, values: readonly BoundValue[], args: Recording["arguments"]): Generator<string> {
  const given = parameter.name === undefined ? undefined : args[parameter.name];
  const list = values.map(({ value }) => value);
  // Elements of tuples are a list for each of their columns.
  const flat = Array.isArray(given) && !given.some(Array.isArray);
  if (flat && !sameJson(given, list)) yield `$${parameter.position}: is not ${parameter.name}: ${JSON.stringify(list)} was bound`;
  const [first] = values;
  if (first) yield* typeComplaints(parameter, first);
}

function* complaintsOf(parameter: TranslatedParameter, real: BoundValue, args: Recording["arguments"]): Generator<string> {
  const { position, value, name } = parameter;
  if (value !== undefined && !sameValue(value, real))
    yield `$${position}: value ${JSON.stringify(value)}, but ${JSON.stringify(real.value)} was bound`;
  const given = name === undefined ? undefined : args[name];
  if (value === undefined && given !== undefined && !sameJson(given, real.value) && !sameJson(given, real.bound))
    yield `$${position}: is not ${name} (${JSON.stringify(given)}): ${JSON.stringify(real.value)} was bound`;
  yield* typeComplaints(parameter, real);
}

function* typeComplaints({ position, sqlType, pythonType }: TranslatedParameter, real: BoundValue): Generator<string> {
  if (sqlType !== undefined && real.cast !== null && sqlFamily(sqlType) !== sqlFamily(real.cast))
    yield `$${position}: SQL type ${sqlType}, but ${real.cast} was sent`;
  if (pythonType !== undefined && real.pythonType !== "None" && !namesType(pythonType, real.pythonType))
    yield `$${position}: Python type ${pythonType}, but it was ${real.pythonType}`;
}

/** Scalars as JSON has them; decimals, times and documents come as text. */
function sameValue(ours: string | number | boolean | null, real: BoundValue): boolean {
  return [real.value, real.bound].some((theirs) => {
    if (ours === theirs) return true;
    if (ours === null || theirs === null || typeof ours === "boolean") return false;
    if (typeof theirs === "object") return sameJson(parsed(String(ours)), theirs);
    if (real.pythonType === "Decimal" || real.pythonType === "float") return Number(ours) === Number(theirs);
    return typeof theirs === "string" && instant(String(ours)) === instant(theirs);
  });
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

const instant = (text: string): string => text.replace(/^(\d{4}-\d\d-\d\d) /, "$1T").replace(/(\+00:00|\+00|Z)$/, "Z");

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sorted(child)]),
  );
}

/** PostgreSQL's own name of a type, without length or precision. All texts are one: the driver says VARCHAR for each. */
function sqlFamily(type: string): string {
  const { tree } = canonicalTree(`SELECT NULL::${type}`);
  const { SelectStmt: select } = tree as unknown as TypedNull;
  const { names, arrayBounds } = select.targetList[0].ResTarget.val.TypeCast.typeName;
  const name = names.at(-1)?.String.sval ?? "";
  return `${["varchar", "text", "bpchar"].includes(name) ? "text" : name}${arrayBounds ? "[]" : ""}`;
}

/** The tree of `SELECT NULL::type`. */
interface TypedNull {
  readonly SelectStmt: { readonly targetList: readonly [{ readonly ResTarget: { readonly val: { readonly TypeCast: Typed } } }] };
}

interface Typed {
  readonly typeName: {
    readonly names: readonly { readonly String: { readonly sval: string } }[];
    readonly arrayBounds?: readonly unknown[];
  };
}

/** `Optional[int]` and `int | None` are `int` as well; `list[int]` is `list`, and `int` where its elements are bound. */
function namesType(annotation: string, real: string): boolean {
  const members = annotation
    .replace(/^Optional\[(.*)\]$/, "$1")
    .split("|")
    .map((member) => member.trim());
  return members.some((member) => {
    const [, head = member, inner] = /^([\w.]+)\[(.*)\]$/.exec(member) ?? [];
    return [head, ...(inner === undefined ? [] : [inner.replace(/, \.\.\.$/, "")])].some((name) => name.split(".").at(-1) === real);
  });
}

/** A real statement, so that it can be sent once more. */
export function repeatable({ bare, parameters }: SentStatement): Executable {
  const tree = canonicalTree(bare);
  return executable(bare, { ...tree, slots: tree.slots.flat().map((number) => [number]) }, undefined, parameters, true)!;
}

/** Our text, each placeholder replaced by those that SQLAlchemy sent in its place, with their types. */
function executable(
  sql: string,
  ours: CanonicalTree,
  theirs: CanonicalTree | undefined,
  bound: readonly BoundValue[],
  withTypes: boolean,
): Executable | undefined {
  const bytes = Buffer.from(sql, "utf8");
  const pieces: string[] = [];
  let at = 0;
  for (const { number, start } of [...ours.places].sort((a, b) => a.start - b.start)) {
    const slot = ours.slots.findIndex((mine) => mine.includes(number));
    const mine = ours.slots[slot] ?? [];
    const sent = theirs ? (theirs.slots[slot] ?? []) : mine;
    // A list that we wrote out has an element for each; one that stands for all is written out here.
    const numbers = mine.length === sent.length ? [sent[mine.indexOf(number)]!] : sent;
    const isTuple = numbers.length > 1 && bytes.subarray(0, start).toString("utf8").trimEnd().endsWith("((");
    if (isTuple || numbers.length === 0) return undefined;
    const written = numbers.map((one) => {
      const { cast, declared } = bound[one - 1]!;
      const type = cast ?? declared;
      return type !== null && (withTypes || cast === null) ? `$${one}::${type}` : `$${one}`;
    });
    pieces.push(bytes.subarray(at, start).toString("utf8"), written.join(", "));
    at = start + 1 + String(number).length;
  }
  pieces.push(bytes.subarray(at).toString("utf8"));
  return { sql: pieces.join(""), values: bound.map(({ wire }) => wire) };
}
