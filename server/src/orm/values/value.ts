import type { Expr, FileFacts, FunctionFact, LambdaExpr } from "../../python/index.js";
import type { ClassRef } from "../entities/classes.js";
import type { EntityId, Relationship } from "../entities/entity.js";
import type { PythonSymbol } from "../project/symbols.js";
import type { Names } from "./names.js";
import { bothOptions, joinedOptions, joinedQueries, sameFixed, sameOptions } from "./joins.js";
import { samePlan, type LoadPath, type LoadPlan, type Subclasses } from "./plan.js";

/** Something that runs its body once per element: a loop, a comprehension, `map`. */
export interface Iteration {
  readonly kind: "for" | "while" | "comprehension" | "callback";
  readonly file: string;
  /** Qualified name of the function that it stands in. */
  readonly scope: string;
  /** The loop's head: `for u in users`. */
  readonly start: number;
  readonly end: number;
  /** As written; "" for a `while`. */
  readonly target: string;
  /** What is gone through. */
  readonly over: Value;
  /** Names that get another value in each round. */
  readonly bound: ReadonlySet<string>;
  /** Few rounds by construction: a literal, a small constant range, retries. */
  readonly few: boolean;
  /** Goes through slices of something longer. */
  readonly batches: boolean;
  /** `async for`: the rounds may be hours apart. */
  readonly async: boolean;
  /** Goes through what somebody wrote into the configuration: seldom long. */
  readonly configured?: true;
  /** A round may undo what it has done: it is meant to stand by itself. */
  readonly undoes?: true;
  /** Goes through this parameter of the function that it stands in. */
  readonly parameter?: string;
  /** Goes through groups that were made before, one per key: there may be few. */
  readonly groups?: true;
  /** Each round talks to another system, or counts rounds: its transaction may end there on purpose. */
  readonly paced?: true;
}

/** Whether two are the same loop: it may be evaluated more than once. */
export const sameIteration = (a: Iteration | undefined, b: Iteration | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && a.start === b.start && a.end === b.end && a.file === b.file);

/** Where a query expression stands and how it is written; one object per place. */
export interface QuerySite {
  readonly file: string;
  /** The root: `select(User)`, `session.query(User)`, `User.query`, `session.get(User, 1)`. */
  readonly start: number;
  readonly end: number;
  readonly style: "select" | "query" | "model" | "get" | "dynamic";
  /** Qualified name of the enclosing function. */
  readonly scope: string;
}

export interface QueryTarget {
  readonly value: Value;
  /** The expression in the query: `User`, `models.User`, an alias. */
  readonly start: number;
  readonly end: number;
  /** As written, where it is a dotted name. */
  readonly text: string;
  /** Name under which a result row has it. */
  readonly label?: string;
  /** `*columns`: any number of targets. */
  readonly splat?: true;
}

/** A call of `.options(...)` in the chain, which a fix can extend. */
export interface OptionsCall {
  readonly file: string;
  /** Start of the chain that it is part of; the query's own start where it is written out there. */
  readonly chainStart: number;
  /** End of the last argument, or the offset behind the opening bracket when there is none. */
  readonly insertAt: number;
  readonly empty: boolean;
  /** Indentation of its arguments, where they stand on lines of their own. */
  readonly indent?: number;
}

/** An equality that the query filters by: `User.org_id == x`, `filter_by(org=x)`. */
export interface FixedAttribute {
  readonly entity?: EntityId;
  readonly name: string;
  /** One of several values: `in_(...)`. */
  readonly several?: true;
  /** On some paths through the code only. */
  readonly sometimes?: true;
}

/** What a query joins. */
export interface JoinedTarget {
  /** `join(User)`, `join(User.orders)`: the entity that it leads to, where that is known. */
  readonly entity?: EntityId;
  readonly alias?: string;
  /** `join(User.orders)`: the entity that the attribute was written on, and its name. */
  readonly owner?: EntityId;
  readonly relationship?: string;
  /** `join(User, User.age > 3)`: on a condition of its own, which is not looked at. */
  readonly condition?: true;
  readonly outer: boolean;
  readonly place: { readonly file: string; readonly start: number; readonly end: number };
}

export interface QueryFlags {
  readonly forUpdate?: true;
  /** `with_for_update(nowait=True)`, `skip_locked`: a row that somebody else holds is to be seen by itself. */
  readonly lockedApart?: true;
  readonly distinct?: true;
  readonly grouped?: true;
  /** union, except, from_statement …: the chain is not one SELECT over its targets. */
  readonly compound?: true;
  /** Any condition or limit. */
  readonly filtered?: true;
  /** Constant LIMIT, where there is one. */
  readonly limit?: number;
  readonly joined?: true;
  /** `enable_eagerloads(False)` */
  readonly withoutEagerLoads?: true;
  /** The rows come from a statement written elsewhere: `from_statement`. */
  readonly fromStatement?: true;
  /** Rows that the session holds are loaded anew. */
  readonly populateExisting?: true;
  /** Some condition is not written out where it is used. */
  readonly unreadFilter?: true;
  /** Made by a method that a subclass may replace. */
  readonly overridable?: true;
}

export interface QueryValue {
  readonly kind: "query";
  readonly site: QuerySite;
  readonly targets: readonly QueryTarget[];
  readonly options: readonly LoadPath[];
  /** Options or changes that could not be read. */
  readonly uncertain: boolean;
  readonly optionsCalls: readonly OptionsCall[];
  readonly fixed: readonly FixedAttribute[];
  readonly joins?: readonly JoinedTarget[];
  readonly flags: QueryFlags;
  /** Indentation of the chain's links, where they stand on lines of their own. */
  readonly indent?: number;
  /** `session.get(User, 1, options=[...])`: the end of the list's last element. */
  readonly optionList?: { readonly insertAt: number; readonly empty: boolean };
  /** A session's or model's query, which executes when iterated. */
  readonly bound: boolean;
}

export type Origin =
  | { readonly kind: "query"; readonly query: QueryValue; readonly async: boolean }
  | { readonly kind: "relationship"; readonly parent: EntityValue; readonly relationship: Relationship }
  /** A parameter, `self`, or what a function's annotation promises: who loaded it, and how, is not known here. */
  | { readonly kind: "declared"; readonly file: string; readonly start: number; readonly end: number; readonly what: string }
  | { readonly kind: "new" };

export type Doubt = "likely" | "possible";

/** One instance of a mapped class. */
export interface EntityValue {
  readonly kind: "entity";
  readonly entity: EntityId;
  readonly plan: LoadPlan;
  readonly origin: Origin;
  /** Another instance in each round of this iteration. */
  readonly row?: Iteration;
  /** `likely`: on some path it may be something unknown; `possible`: on some path it was loaded otherwise. */
  readonly doubt?: Doubt;
}

/** A mapped class, or an alias of one. */
export interface EntityClassValue {
  readonly kind: "entityClass";
  readonly entity: EntityId;
  readonly aliased?: true;
  /** Tells aliases of one class apart: where the alias was made. */
  readonly alias?: string;
  /** Name that the alias was given. */
  readonly label?: string;
  /** `with_polymorphic(...)`: subclasses that are loaded in full. */
  readonly subclasses?: Subclasses;
}

/** `User.orders`, `User.name`. */
export interface AttributeValue {
  readonly kind: "attribute";
  readonly entity: EntityId;
  readonly name: string;
  readonly alias?: string;
  /** `User.pets.of_type(Dog)` */
  readonly ofType?: EntityClassValue;
}

/** Loader options; methods extend the first path. */
export interface OptionsValue {
  readonly kind: "options";
  readonly paths: readonly LoadPath[];
  readonly uncertain: boolean;
}

export type Value =
  | { readonly kind: "unknown" }
  /** No value at all: the element of an empty list, a branch not taken. */
  | { readonly kind: "never" }
  | { readonly kind: "none" }
  | EntityValue
  | QueryValue
  | { readonly kind: "collection"; readonly of: Value; readonly few?: boolean; readonly batches?: boolean; readonly full?: boolean }
  | { readonly kind: "tuple"; readonly items: readonly Value[]; readonly names?: readonly (string | undefined)[] }
  /** `entries`: values of constant keys, where they are known: `{"users": users}`, `**kwargs`. */
  | {
      readonly kind: "mapping";
      readonly key: Value;
      readonly value: Value;
      readonly few?: boolean;
      readonly entries?: ReadonlyMap<string, Value>;
      /** There are no other keys than those of `entries`. */
      readonly closed?: boolean;
    }
  /** What executing gives: `element` per row; `first` is a row's first column. */
  | { readonly kind: "result"; readonly element: Value; readonly first: Value; readonly few?: boolean }
  /** Flask-SQLAlchemy's pagination. */
  | { readonly kind: "page"; readonly of: Value }
  | { readonly kind: "session"; readonly async?: boolean; readonly proved: boolean }
  | EntityClassValue
  | AttributeValue
  | OptionsValue
  | { readonly kind: "condition"; readonly fixed: readonly FixedAttribute[] }
  | { readonly kind: "string"; readonly literal: Expr & { kind: "string" }; readonly file: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** The key of a row, which is never None unless `nullable`; `row`: that row, where the session that has loaded it holds it still. */
  | { readonly kind: "key"; readonly row?: EntityValue; readonly nullable?: true }
  /** `text("…")`. */
  | { readonly kind: "text"; readonly literal?: Expr & { kind: "string" }; readonly file: string }
  | { readonly kind: "symbol"; readonly symbol: PythonSymbol }
  /** What calling an outside class gives: `sqlalchemy.orm.sessionmaker()`. */
  | { readonly kind: "external"; readonly name: string }
  /**
   * `fields`: what the constructor was given, by attribute; `made`: the row that a schema's instance was read from; `member`: which one of an
   * enumeration it is.
   */
  | {
      readonly kind: "instance";
      readonly class: ClassRef;
      readonly fields?: ReadonlyMap<string, Value>;
      readonly made?: EntityValue;
      readonly member?: string;
    }
  /** `fn`: the function that it stands in, or itself; `ref`: a function of the project as its decorators get it. */
  | {
      readonly kind: "closure";
      readonly file: string;
      readonly code: LambdaExpr | FunctionFact;
      readonly fn: FunctionFact;
      readonly env: Names;
      readonly ref?: FunctionRef;
      /** The function that it stands for, where a decorator made it of one. */
      readonly calledAs?: string;
    }
  /** A method that is bound to what it was read from. */
  | { readonly kind: "method"; readonly self: Value; readonly method: FunctionRef }
  /** `super()` inside a method of `class`. */
  | { readonly kind: "super"; readonly self: Value; readonly class: ClassRef }
  | { readonly kind: "partial"; readonly of: Value; readonly positional: readonly Value[]; readonly named: ReadonlyMap<string, Value> }
  /** `attrgetter("author.name")`, `methodcaller("to_dict")`, `itemgetter(0)`. */
  | { readonly kind: "getter"; readonly of: "attribute" | "method" | "item"; readonly paths: readonly string[] }
  /** `TypeAdapter(list[UserOut])`: what reads values as a schema of the project. */
  | { readonly kind: "adapter"; readonly class: ClassRef; readonly many: boolean }
  | { readonly kind: "template"; readonly file: string; readonly facts: FileFacts }
  /** A template's macros, by name. */
  | { readonly kind: "module"; readonly names: Names }
  | { readonly kind: "awaitableAttributes"; readonly of: EntityValue }
  | { readonly kind: "union"; readonly of: readonly Value[] };

/** A function of the project. */
export interface FunctionRef {
  readonly file: string;
  /** Index into the file's functions. */
  readonly index: number;
}

export const unknown: Value = { kind: "unknown" };
export const never: Value = { kind: "never" };
export const none: Value = { kind: "none" };
/** `full`: there is at least one element. */
export const collection = (of: Value, more?: { few?: boolean; batches?: boolean; full?: boolean }): Value => ({
  kind: "collection",
  of,
  ...more,
});

/** The members of a union, or the value alone. */
export const membersOf = (value: Value): readonly Value[] => (value.kind === "union" ? value.of : [value]);

/** Applies `f` to every possibility and joins what comes out. */
export function mapValue(value: Value, f: (value: Exclude<Value, { kind: "union" }>) => Value): Value {
  if (value.kind !== "union") return f(value);
  return value.of.map((member) => mapValue(member, f)).reduce(join, never);
}

/** What a collection holds that is given both: options add up, anything else may be the one or the other. */
export function together(a: Value, b: Value): Value {
  if (a.kind === "options" && b.kind === "options") return bothOptions(a, b);
  // A list of conditions is meant as their conjunction.
  if (a.kind === "condition") return b.kind === "condition" ? { kind: "condition", fixed: [...a.fixed, ...b.fixed] } : a;
  return b.kind === "condition" && a.kind !== "never" ? b : join(a, b);
}

/** Elements stand for all that is in the collection: of options, what only one path put there is there sometimes. */
function joinedElements(a: Value, b: Value): Value {
  const none: OptionsValue = { kind: "options", paths: [], uncertain: false };
  if (a.kind === "options" && b.kind === "never") return joinedOptions(a, none);
  if ([a, b].some(({ kind }) => kind === "never") && [a, b].some(({ kind }) => kind === "condition"))
    return { kind: "condition", fixed: [] };
  return a.kind === "never" && b.kind === "options" ? joinedOptions(none, b) : join(a, b);
}

const sameAttribute = (a: FixedAttribute, b: FixedAttribute) => a.entity === b.entity && a.name === b.name && a.several === b.several;

const maxMembers = 6;

/** Least upper bound: what may come from either path. */
export function join(a: Value, b: Value): Value {
  if (a === b || b.kind === "never") return a;
  if (a.kind === "never") return b;
  if (same(a, b)) return a;
  if (a.kind === "collection" && b.kind === "collection")
    return { ...a, of: joinedElements(a.of, b.of), few: a.few === true && b.few === true, full: a.full === true && b.full === true };
  if (a.kind === "tuple" && b.kind === "tuple" && a.items.length === b.items.length)
    return { ...a, items: a.items.map((item, at) => join(item, b.items[at]!)) };
  if (a.kind === "mapping" && b.kind === "mapping") return joinMappings(a, b);
  if (a.kind === "options" && b.kind === "options") return joinedOptions(a, b);
  if (a.kind === "condition" && b.kind === "condition")
    return { kind: "condition", fixed: a.fixed.filter((one) => b.fixed.some((other) => sameAttribute(one, other))) };
  if (
    a.kind === "instance" &&
    b.kind === "instance" &&
    a.class.file === b.class.file &&
    a.class.index === b.class.index &&
    !a.made &&
    !b.made
  )
    return joinInstances(a, b);
  const members: Value[] = [];
  for (const member of [...membersOf(a), ...membersOf(b)]) addMember(members, member);
  if (members.length > maxMembers) return unknown;
  return members.length === 1 ? members[0]! : { kind: "union", of: members };
}

/** Of an enumeration any member, where the two are different ones. */
function joinInstances(a: Value & { kind: "instance" }, b: Value & { kind: "instance" }): Value {
  const { member, ...rest } = a;
  const fields = a.fields || b.fields ? { fields: joinFields(a.fields, b.fields) } : {};
  return { ...rest, ...fields, ...(member !== undefined && member === b.member ? { member } : {}) };
}

/** A field that only one path has set keeps that value: the other does not reach its use. */
function joinFields(a: ReadonlyMap<string, Value> = new Map(), b: ReadonlyMap<string, Value> = new Map()): ReadonlyMap<string, Value> {
  const fields = new Map(a);
  for (const [name, value] of b) fields.set(name, join(fields.get(name) ?? never, value));
  return fields;
}

function joinMappings(a: Value & { kind: "mapping" }, b: Value & { kind: "mapping" }): Value {
  const few = a.few && b.few ? { few: true } : {};
  const value = join(a.value, b.value);
  if (!a.entries || !b.entries) return { kind: "mapping", key: join(a.key, b.key), value, ...few };
  const entries = new Map(a.entries);
  for (const [name, other] of b.entries) entries.set(name, join(entries.get(name) ?? never, other));
  return { kind: "mapping", key: join(a.key, b.key), value, entries, ...few };
}

function addMember(members: Value[], member: Value): void {
  if (members.some((known) => same(known, member))) return;
  if (member.kind === "query" || member.kind === "options")
    for (const [at, known] of members.entries()) {
      const merged =
        known.kind === "query" && member.kind === "query"
          ? joinedQueries(known, member)
          : known.kind === "options" && member.kind === "options"
            ? joinedOptions(known, member)
            : undefined;
      if (merged) {
        members[at] = merged;
        return;
      }
    }
  members.push(member);
}

function same(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  if (a.kind === "unknown" || a.kind === "never" || a.kind === "none") return true;
  if (a.kind === "entity" && b.kind === "entity")
    return a.entity === b.entity && samePlan(a.plan, b.plan) && sameIteration(a.row, b.row) && sameOrigin(a.origin, b.origin);
  if (a.kind === "number" && b.kind === "number") return a.value === b.value;
  if (a.kind === "key" && b.kind === "key") return a.nullable === b.nullable && (a.row && b.row ? same(a.row, b.row) : a.row === b.row);
  if (a.kind === "boolean" && b.kind === "boolean") return a.value === b.value;
  if (a.kind === "instance" && b.kind === "instance")
    return a.class.file === b.class.file && a.class.index === b.class.index && a.fields === b.fields && a.member === b.member;
  if (a.kind === "entityClass" && b.kind === "entityClass") return a.entity === b.entity && a.alias === b.alias;
  if (a.kind === "session" && b.kind === "session") return a.async === b.async;
  if (a.kind === "collection" && b.kind === "collection") return same(a.of, b.of) && Boolean(a.few) === Boolean(b.few);
  if (a.kind === "query" && b.kind === "query")
    return (
      a.site === b.site &&
      a.uncertain === b.uncertain &&
      sameOptions(a.options, b.options) &&
      sameFixed(a.fixed, b.fixed) &&
      a.optionsCalls.length === b.optionsCalls.length
    );
  return false;
}

function sameOrigin(a: Origin, b: Origin): boolean {
  if (a === b) return true;
  if (a.kind === "query" && b.kind === "query") return same(a.query, b.query);
  if (a.kind === "relationship" && b.kind === "relationship") return a.relationship === b.relationship && same(a.parent, b.parent);
  if (a.kind === "declared" && b.kind === "declared") return a.file === b.file && a.start === b.start;
  return a.kind === "new" && b.kind === "new";
}
