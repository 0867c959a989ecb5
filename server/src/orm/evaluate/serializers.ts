import type { Span } from "#protocol/place";
import type { AttributeExpr, CallExpr, Expr, FieldFact, FunctionFact } from "../../python/index.js";
import { shapeOf } from "../entities/annotations.js";
import { isTrue, keyword, positional, stringOf } from "../entities/calls.js";
import { unsubscripted, type ClassRef } from "../entities/classes.js";
import { lastWord } from "../project/names.js";
import { Names } from "../values/names.js";
import { collection, join, membersOf, unknown, type EntityValue, type Iteration, type Value } from "../values/value.js";
import { applyValue } from "./apply.js";
import { argument, givenValues } from "./arguments.js";
import { attributeNamed } from "./attributes.js";
import { decoratorName } from "./decorators.js";
import { isSerializer, serializerKey, type Evaluator } from "./evaluator.js";
import { evaluate } from "./expressions.js";
import { metaOf } from "./schemaMeta.js";
import { childOf } from "./functions.js";
import { asRow, elementsOf, enter, iterationOf, leave } from "./iterations.js";
import { classOf, memberOf } from "./members.js";
import { noteEscape } from "./uses.js";

/** Schemas within schemas that are followed. */
const deepest = 6;

type Library = "pydantic" | "marshmallow";

/** The library whose schema a class of the project is. */
function libraryOf(ev: Evaluator, ref: ClassRef): Library | undefined {
  for (const at of ev.index.classes.linear(ref))
    for (const base of at.fact.bases) {
      const symbol = ev.index.symbols.resolve(at.file, unsubscripted(base));
      if (symbol?.kind !== "external") continue;
      const { name } = symbol;
      if (/^(pydantic|sqlmodel|fastapi_camelcase|humps)\b/.test(name) || lastWord(name) === "BaseModel") return "pydantic";
      if (/marshmallow/.test(name) || /^(Schema|SQLAlchemySchema|SQLAlchemyAutoSchema|ModelSchema)$/.test(lastWord(name)))
        return "marshmallow";
    }
  return undefined;
}

export const isSchema = (ev: Evaluator, ref: ClassRef): boolean => libraryOf(ev, ref) !== undefined;

export interface SchemaUse {
  readonly class: ClassRef;
  readonly many: boolean;
}

/** `list[UserOut]`, `Page[UserOut]`, `UserOut | None` as a schema of the project. */
export function schemaOf(ev: Evaluator, file: string, annotation: Expr): SchemaUse | undefined {
  const shape = shapeOf(annotation);
  const ref = shape.type && ev.index.classes.of(ev.index.symbols.resolve(file, unsubscripted(shape.type)));
  return ref && libraryOf(ev, ref) ? { class: ref, many: shape.collection } : undefined;
}

const validators = new Set(["model_validate", "from_orm", "validate", "parse_obj", "validate_python"]);

/** `TypeAdapter(list[UserOut])`; undefined where the type is no schema of the project. */
export function typeAdapter(ev: Evaluator, call: CallExpr): Value | undefined {
  const [type] = positional(call);
  const schema = type && schemaOf(ev, ev.file, type);
  return schema && { kind: "adapter", ...schema };
}

/** A call that has a schema read its argument; undefined where it is none. */
export function serializedBy(ev: Evaluator, of: Value, call: CallExpr, callee: AttributeExpr, args: readonly Value[]): Value | undefined {
  const { name } = callee;
  if (name !== "dump" && name !== "dumps" && !validators.has(name)) return undefined;
  const done = membersOf(of).map((member) => readBy(ev, member, name, args[0] ?? unknown, call));
  const read = done.filter((one) => one !== undefined);
  if (read.length === 0) return undefined;
  for (const arg of args) noteEscape(ev, arg);
  return read.reduce(join);
}

function readBy(ev: Evaluator, of: Value, name: string, value: Value, place: Span): Value | undefined {
  if (of.kind === "adapter") {
    if (name !== "validate_python") return undefined;
    serializeMany(ev, value, of.class, place);
    const instance: Value = { kind: "instance", class: of.class };
    return of.many ? collection(instance) : instance;
  }
  const ref = of.kind === "super" ? classOf(ev, of.self) : classOf(ev, of);
  if (!ref || ev.index.entityOfClass(ref)) return undefined;
  // Its own version says more, and leads back here by way of `super()`.
  if (of.kind !== "super" && ev.index.classes.method(ref, name)) return undefined;
  const library = libraryOf(ev, ref);
  const dumps = name === "dump" || name === "dumps";
  if (library === "pydantic" && !dumps) {
    const root = rootSchema(ev, ref);
    if (!root) return serialize(ev, value, ref, place);
    serializeMany(ev, value, root.class, place);
    return { kind: "instance", class: ref };
  }
  if (library !== "marshmallow" || !dumps) return undefined;
  serializeMany(ev, value, ref, place, chosenFields(of));
  return unknown;
}

/** What a `RootModel[list[UserOut]]` is the list of. */
function rootSchema(ev: Evaluator, ref: ClassRef): SchemaUse | undefined {
  for (const at of ev.index.classes.linear(ref)) {
    const base = at.fact.bases.find((one) => one.kind === "subscript" && lastOf(one.of) === "RootModel");
    const written = base?.kind === "subscript" ? base.index : at.fact.fields.find((field) => field.name === "root")?.annotation;
    const schema = written && schemaOf(ev, at.file, written);
    if (schema) return schema;
  }
  return undefined;
}

/** Whether a field is dumped: `Schema(only=("id", "name"))`, `Schema(exclude=["items"])`. */
function chosenFields(schema: Value): (name: string) => boolean {
  const names = (argument: string): readonly string[] | undefined => {
    const value = schema.kind === "instance" ? schema.fields?.get(argument) : undefined;
    const items = value?.kind === "tuple" ? value.items : value?.kind === "collection" ? membersOf(value.of) : undefined;
    return items?.flatMap((item) => (item.kind === "string" ? [item.literal.value.split(".")[0]!] : []));
  };
  return chosenBy(names);
}

function chosenBy(names: (argument: string) => readonly string[] | undefined): (name: string) => boolean {
  const only = names("only");
  const exclude = names("exclude") ?? [];
  return (name) => (only === undefined || only.includes(name)) && !exclude.includes(name);
}

/** `Page(items=rows)`: a pydantic model reads what it is given as its fields' annotations say. */
export function readFields(ev: Evaluator, ref: ClassRef, fields: ReadonlyMap<string, Value>, place: Span): void {
  if (libraryOf(ev, ref) !== "pydantic") return;
  for (const at of ev.index.classes.linear(ref))
    for (const field of at.fact.fields) {
      const value = fields.get(field.name);
      const schema = value && field.annotation && schemaOf(ev, at.file, field.annotation);
      if (value && schema) nested(ev, value, schema.class, place);
    }
  computed(ev, { kind: "instance", class: ref, fields }, ref, place);
}

/** FastAPI: what the function returns is read by the `response_model`, or by the annotation. */
export function serializeReturned(ev: Evaluator, fn: FunctionFact, returned: Value): void {
  const route = fn.decorators.find(isRoute);
  if (route?.kind !== "call") return;
  const model = keyword(route, "response_model") ?? fn.returns;
  const schema = model && schemaOf(ev, ev.file, model);
  const place = { start: fn.nameStart, end: fn.nameStart + fn.name.length };
  if (!model || !schema) return;
  serializeMany(ev, returned, schema.class, place);
  readEnvelope(ev, returned, schema.class, elementOf(ev, model), place);
}

/** `UserOut` of `Page[UserOut]`. */
function elementOf(ev: Evaluator, model: Expr): SchemaUse | undefined {
  const { type } = shapeOf(model);
  const index = type?.kind === "subscript" ? type.index : undefined;
  return index && schemaOf(ev, ev.file, index.kind === "tuple" ? (index.items[0] ?? index) : index);
}

/** `{"items": users, "total": 3}`, `Page(items=users, total=3)`: what the envelope's fields hold is read by their schemas. */
function readEnvelope(ev: Evaluator, returned: Value, ref: ClassRef, element: SchemaUse | undefined, place: Span): void {
  for (const member of membersOf(returned)) {
    const entries = member.kind === "mapping" ? member.entries : member.kind === "instance" ? member.fields : undefined;
    for (const at of entries ? ev.index.classes.linear(ref) : [])
      for (const { name, annotation } of at.fact.fields) {
        const value = entries?.get(name);
        const inner = annotation && (schemaOf(ev, at.file, annotation) ?? (isVariable(ev, at.file, annotation) ? element : undefined));
        if (value && inner) nested(ev, value, inner.class, place);
      }
  }
}

/** `T` of `items: list[T]`. */
function isVariable(ev: Evaluator, file: string, annotation: Expr): boolean {
  const { type } = shapeOf(annotation);
  const symbol = type?.kind === "name" ? ev.index.symbols.resolve(file, type) : undefined;
  if (symbol?.kind !== "variable" || symbol.value?.kind !== "call") return type?.kind === "name" && symbol === undefined;
  return lastOf(symbol.value.callee) === "TypeVar";
}

/** `@router.get("/users")`, `@protected_route(router.get, "/users")`. */
function isRoute(decorator: Expr): boolean {
  if (decorator.kind !== "call") return false;
  return routes.has(decoratorName(decorator)) || positional(decorator).some((arg) => arg.kind === "string" && arg.value.startsWith("/"));
}
const routes = new Set(["get", "post", "put", "patch", "delete", "route", "api_route"]);

/** Each element of a list by itself. */
function serializeMany(ev: Evaluator, value: Value, ref: ClassRef, place: Span, chosen?: (name: string) => boolean): void {
  for (const member of membersOf(value)) {
    if (member.kind === "entity" || member.kind === "instance") serialize(ev, member, ref, place, chosen);
    else {
      const expr: Expr = { kind: "other", start: place.start, end: place.end, items: [] };
      const element = elementsOf(ev, member, expr);
      inRounds(ev, member, element, place, (row) => void serialize(ev, row, ref, place, chosen));
    }
  }
}

function inRounds(ev: Evaluator, over: Value, element: Value, place: Span, body: (row: Value) => void): void {
  const iteration: Iteration = iterationOf(ev, { kind: "callback", start: place.start, end: place.end }, over, new Set());
  enter(ev, iteration);
  body(asRow(element, iteration));
  leave(ev);
}

/** Reads what the schema's fields name; gives the schema's instance. */
export function serialize(ev: Evaluator, value: Value, ref: ClassRef, place: Span, chosen: (name: string) => boolean = () => true): Value {
  const key = serializerKey(ref.file, ref.index);
  ev.reach(key);
  const instance: Value & { kind: "instance" } = { kind: "instance", class: ref };
  if (ev.stack.filter(isSerializer).length >= deepest || ev.stack.includes(key)) return instance;
  const library = libraryOf(ev, ref);
  const meta = library === "marshmallow" ? metaOf(ev, ref) : undefined;
  const dumps = (name: string) => chosen(name) && meta?.dumps(name) !== false;
  const fields = new Map<string, Value>();
  for (const owner of membersOf(value)) {
    if (owner.kind !== "entity") continue;
    for (const at of ev.index.classes.linear(ref)) {
      const facts = ev.context.factsOf(at.file)!;
      const child = childOf(ev, at.file, facts.functions[0]!, ref.fact.qualifiedName, place, new Names());
      child.stack = [...ev.stack, key];
      child.medium = "serializer";
      for (const field of at.fact.fields)
        if (!fields.has(field.name) && dumps(field.name)) {
          const read = library === "pydantic" ? pydanticField(child, owner, field) : marshmallowField(child, owner, at, field);
          if (read) fields.set(field.name, read);
        }
    }
    for (const name of meta?.relationshipsOf === owner.entity ? relationshipNames(ev, owner) : [])
      if (!declares(ev, ref, name) && dumps(name)) fields.set(name, readForSchema(ev, owner, name, ref, [...ev.stack, key], place));
  }
  const made = membersOf(value).find((member) => member.kind === "entity");
  const filled: Value & { kind: "instance" } = { ...instance, fields, ...(made ? { made } : {}) };
  if (library === "pydantic") computed(ev, filled, ref, place);
  return filled;
}

const declares = (ev: Evaluator, ref: ClassRef, name: string) => ev.index.classes.field(ref, name) !== undefined;

const relationshipNames = (ev: Evaluator, owner: EntityValue): readonly string[] => [
  ...(ev.index.entities.get(owner.entity)?.relationships.keys() ?? []),
];

/** A field that marshmallow-sqlalchemy makes by itself has no place of its own: the class's name stands for it. */
function readForSchema(
  ev: Evaluator,
  owner: EntityValue,
  name: string,
  { file, fact }: ClassRef,
  stack: readonly string[],
  place: Span,
): Value {
  const child = childOf(ev, file, ev.context.factsOf(file)!.functions[0]!, fact.qualifiedName, place, new Names());
  child.stack = stack;
  child.medium = "serializer";
  return attributeNamed(child, owner, name, { start: fact.nameStart, end: fact.nameStart + fact.name.length });
}

/** What a schema's own methods do with each instance: `@computed_field`, `@model_serializer`, `@field_serializer("customer")`. */
function computed(ev: Evaluator, instance: Value & { kind: "instance" }, ref: ClassRef, place: Span): void {
  for (const at of ev.index.classes.linear(ref)) {
    const facts = ev.context.factsOf(at.file)!;
    for (const index of at.fact.methods) {
      const fn = facts.functions[index]!;
      for (const decorator of fn.decorators) runFor(ev, instance, ref, fn, decorator, place);
    }
  }
}

function runFor(
  ev: Evaluator,
  instance: Value & { kind: "instance" },
  ref: ClassRef,
  fn: FunctionFact,
  decorator: Expr,
  place: Span,
): void {
  const word = decoratorName(decorator);
  if (word === "computed_field") memberOf(ev, instance, ref, fn.name, place);
  if (word !== "model_serializer" && word !== "field_serializer") return;
  const method = memberOf(ev, instance, ref, fn.name, place);
  if (!method) return;
  if (word === "model_serializer") return void applyValue(ev, method, givenValues(), place);
  for (const name of decorator.kind === "call" ? positional(decorator) : []) {
    const value = name.kind === "string" ? instance.fields?.get(name.value) : undefined;
    if (value) applyValue(ev, method, givenValues(value), place);
  }
}

function pydanticField(ev: Evaluator, owner: EntityValue, field: FieldFact): Value | undefined {
  if (!field.annotation || field.name === "model_config") return undefined;
  const { value } = field;
  const alias = value?.kind === "call" ? (stringOf(keyword(value, "validation_alias")) ?? stringOf(keyword(value, "alias"))) : undefined;
  const read = attributeNamed(ev, owner, alias ?? field.name, field);
  const schema = schemaOf(ev, ev.file, field.annotation);
  if (schema) nested(ev, read, schema.class, field);
  return read;
}

function nested(ev: Evaluator, read: Value, ref: ClassRef, place: Span, chosen?: (name: string) => boolean): void {
  if (membersOf(read).some((member) => member.kind === "entity" || member.kind === "collection"))
    serializeMany(ev, read, ref, place, chosen);
}

/** `only=("id", "name")`, `exclude="items"`. */
function namesWritten(value: Expr | undefined): readonly string[] | undefined {
  if (!value) return undefined;
  const items = value.kind === "list" || value.kind === "tuple" || value.kind === "set" ? value.items : [value];
  return items.flatMap((item) => stringOf(item)?.split(".")[0] ?? []);
}

function marshmallowField(ev: Evaluator, owner: EntityValue, schema: ClassRef, field: FieldFact): Value | undefined {
  const { value } = field;
  if (value?.kind !== "call" || isTrue(keyword(value, "load_only"))) return undefined;
  const kind = lastOf(value.callee);
  if (kind === "Function") return calledWith(ev, positional(value)[0], owner, field);
  if (kind === "Method") {
    const name = stringOf(positional(value)[0]) ?? stringOf(keyword(value, "serialize"));
    const member = name === undefined ? undefined : memberOf(ev, { kind: "instance", class: schema }, schema, name, field);
    return member && applyValue(ev, member, givenValues(owner), field);
  }
  const path = stringOf(keyword(value, "attribute")) ?? field.name;
  const read = path.split(".").reduce<Value>((at, name) => attributeNamed(ev, at, name, field), owner);
  const inner = kind === "List" ? positional(value)[0] : value;
  if (inner?.kind === "call" && (lastOf(inner.callee) === "Nested" || lastOf(inner.callee) === "Pluck")) {
    const ref = nestedSchema(ev, schema, positional(inner)[0]);
    if (ref)
      nested(
        ev,
        read,
        ref,
        field,
        chosenBy((name) => namesWritten(keyword(inner, name) ?? keyword(madeBy(positional(inner)[0]) ?? inner, name))),
      );
  }
  return read;
}

/** The call that makes the schema: `ItemSchema(only=…)`, `lambda: ItemSchema(only=…)`. */
const madeBy = (expr: Expr | undefined): CallExpr | undefined =>
  expr?.kind === "lambda" ? madeBy(expr.body) : expr?.kind === "call" ? expr : undefined;

const lastOf = (callee: Expr) => (callee.kind === "name" ? callee.id : callee.kind === "attribute" ? callee.name : "");

function calledWith(ev: Evaluator, callback: Expr | undefined, owner: EntityValue, place: Span): Value | undefined {
  return callback && applyValue(ev, evaluate(ev, callback), { ...givenValues(), positional: [argument(owner)] }, place);
}

/** `Nested(ItemSchema)`, `Nested("ItemSchema")`, `Nested(lambda: ItemSchema())`, `Nested(ItemSchema(only=…))`. */
function nestedSchema(ev: Evaluator, from: ClassRef, expr: Expr | undefined): ClassRef | undefined {
  if (!expr) return undefined;
  if (expr.kind === "lambda") return nestedSchema(ev, from, expr.body);
  if (expr.kind === "call") return nestedSchema(ev, from, expr.callee);
  if (expr.kind === "string")
    return expr.value === "self" ? from : ev.index.classes.of(ev.index.symbols.lookup(from.file, lastWord(expr.value)));
  return ev.index.classes.of(ev.index.symbols.resolve(from.file, expr));
}
