import { excludedOf } from "../methods/conflict.js";
import type { Expr, FunctionFact } from "../../python/index.js";
import { dottedOf, unsubscripted, type ClassRef } from "../../orm/entities/classes.js";
import { enumMember, isEnum } from "../mapping/enums.js";
import { refuse, type EntityUse } from "../sql/ir.js";
import { pythonTypeOf } from "../sql/types.js";
import { sqlValue, type InstanceValue, type Value } from "../values.js";
import { tableKey } from "../mapping/columns.js";
import { typeOf, valueOfType } from "./annotations.js";
import { callFunction } from "./functions.js";
import { findColumn } from "./columns.js";
import { Frame } from "./frame.js";
import { hybrid } from "./hybrids.js";
import type { Machine } from "./machine.js";
import { valueOfSymbol } from "./names.js";
import { startQuery } from "../methods/query.js";
import { functionColumn } from "../methods/tableFunctions.js";
import { elementText } from "../methods/json.js";
import { unparse } from "./unparse.js";

export function attribute(m: Machine, of: Value, name: string, expr: Expr & { kind: "attribute" }, frame: Frame): Value {
  switch (of.kind) {
    case "entity":
      return entityAttribute(m, of.use, name, expr, frame);
    case "instance":
      return kept(m, of, name, () => instanceAttribute(m, of, name));
    case "module": {
      const symbol = m.index.symbols.member({ kind: "module", file: of.file }, name);
      return symbol
        ? valueOfSymbol(m, symbol)
        : { kind: "unknown", reason: `${unparse(expr)} is not found`, file: frame.file, start: expr.start };
    }
    case "symbol":
      return symbolAttribute(of.name, name);
    case "sqlFunction":
      return { kind: "sqlFunction", name: [...of.name, name] };
    case "from":
      if (name === "c" || name === "columns") return { kind: "columns", from: of.from };
      if (name === "column") {
        const value = functionColumn(of.from);
        if (value) return value;
      }
      return { kind: "method", of, name };
    case "sql":
      if (name === "astext") {
        const text = elementText(of.sql);
        if (text) return sqlValue(text);
      }
      if (name === "key" || name === "name")
        return of.sql.kind === "column"
          ? { kind: "constant", value: name === "key" ? (of.sql.key ?? String(of.sql.name)) : String(of.sql.name) }
          : { kind: "method", of, name };
      return { kind: "method", of, name };
    case "columns":
      return columnAttribute(m, of, name);
    case "class":
      return classAttribute(m, of.class, of, name);
    case "enum":
      if (name === "value")
        return of.member.value === undefined ? { kind: "parameter", name: unparse(expr) } : { kind: "constant", value: of.member.value };
      if (name === "name") return { kind: "constant", value: of.member.member };
      return { kind: "parameter", name: unparse(expr) };
    case "parameter":
      return kept(m, of, name, () => ({ kind: "parameter", name: `${of.name}.${name}` }));
    case "statement":
      if (
        (name === "c" || name === "selected_columns" || name === "columns" || name === "exported_columns") &&
        of.statement.kind === "select"
      )
        return selectedColumns(of);
      if (name === "excluded" && of.statement.kind === "insert") return { kind: "columns", from: excludedOf(of.statement) };
      if ((name === "statement" || name === "selectable") && of.statement.kind === "select")
        return m.made({ ...of.statement, legacy: false });
      return { kind: "method", of, name };
    case "unknown":
      return of;
    default:
      return { kind: "method", of, name };
  }
}

function selectedColumns(of: Value & { kind: "statement" }): Value {
  return {
    kind: "unknown",
    reason: "columns of a SELECT that is no subquery",
    file: of.statement.site.file,
    start: of.statement.site.span.start,
  };
}

/** One value for each attribute of each object: so that a question about it is asked once. */
function kept(m: Machine, of: Value, name: string, make: () => Value): Value {
  let known = m.attributeValues.get(of);
  if (!known) m.attributeValues.set(of, (known = new Map()));
  const assigned = of.kind === "instance" ? of.attributes.get(name) : undefined;
  if (assigned) return assigned;
  const before = known.get(name);
  if (before) return before;
  const made = make();
  known.set(name, made);
  return made;
}

function columnAttribute(m: Machine, of: Value & { kind: "columns" }, name: string): Value {
  const found = findColumn(m, of.from, name);
  return found ? sqlValue(found) : { kind: "method", of, name };
}

function symbolAttribute(of: string, name: string): Value {
  if (/^(sqlalchemy|sqlmodel)\b.*\bfunc$/.test(of) || of.endsWith("db.func") || of.endsWith("SQLAlchemy().func"))
    return { kind: "sqlFunction", name: [name] };
  return { kind: "symbol", name: `${of}.${name}` };
}

export function entityAttribute(m: Machine, use: EntityUse, name: string, expr: Expr, frame: Frame): Value {
  const { entity } = use;
  const column = use.columnOf(name);
  if (column) return sqlValue(column);
  if (entity.relationships.has(name)) return relationshipValue(m, use, name);
  const fn = entity.hybrids.get(name);
  if (fn) return hybrid(m, use, name, fn, frame);
  if (name === "query") return startQuery(m, use, expr, frame);
  if (name === "__table__" || name === "__mapper__") {
    const info = m.mapping.table(tableKey(entity));
    return info ? { kind: "from", from: info.from } : refuse(`the table of ${entity.name} is not known`);
  }
  if (name === "c" || name === "columns") return { kind: "columns", from: use.selectable };
  if (name === "metadata" || name === "registry") return { kind: "parameter", name };
  if (entity.proxies.has(name))
    return { kind: "unknown", reason: `${entity.name}.${name} is an association proxy`, file: frame.file, start: expr.start };
  if (entity.composites.has(name))
    return { kind: "unknown", reason: `${entity.name}.${name} is a composite`, file: frame.file, start: expr.start };
  const ref = m.index.classes.of({ kind: "class", file: entity.file, index: entity.class });
  const found = ref && classAttribute(m, ref, { kind: "entity", use }, name);
  if (found && found.kind !== "unknown") return found;
  if (validators.has(name)) return { kind: "method", of: { kind: "entity", use }, name };
  return { kind: "unknown", reason: `${entity.name} has no attribute ${name} that is known`, file: frame.file, start: expr.start };
}

/** pydantic's ways to make an instance, of a class that is a model as well. */
const validators = new Set(["model_validate", "model_construct", "parse_obj", "from_orm", "construct"]);

function relationshipValue(m: Machine, use: EntityUse, name: string): Value {
  return m.moduleValue(`relationship ${m.idOf(use)} ${name}`, () => ({
    kind: "relationship",
    use: { kind: "relationship", owner: use, name, criteria: [] },
  }));
}

/** Methods, constants and nested things of a class. */
export function classAttribute(m: Machine, ref: ClassRef, self: Value, name: string): Value {
  if (isEnum(m.index, ref)) {
    const member = enumMember(m.index, ref, name);
    if (member) return m.moduleValue(`enum ${ref.file} ${ref.index} ${name}`, () => ({ kind: "enum", member }));
  }
  const method = m.index.classes.method(ref, name);
  if (method) {
    const decorators = method.method.decorators.map((one) => (one.kind === "name" ? one.id : one.kind === "attribute" ? one.name : ""));
    if (decorators.includes("property") || decorators.includes("cached_property"))
      return self.kind === "instance"
        ? callFunction(
            m,
            { kind: "function", file: method.in.file, index: method.index, self },
            { positional: [], keywords: new Map(), exprs: [] },
          )
        : { kind: "parameter", name };
    const bound = decorators.includes("staticmethod")
      ? {}
      : self.kind === "instance" || decorators.includes("classmethod")
        ? { self: decorators.includes("classmethod") ? classOf(m, self) : self }
        : {};
    return { kind: "function", file: method.in.file, index: method.index, ...bound };
  }
  const field = m.index.classes.field(ref, name);
  if (field?.field.value)
    return m.moduleValue(`field ${field.in.file} ${field.in.index} ${name}`, () =>
      m.eval(field.field.value!, new Frame(field.in.file, field.in.fact.function, 0)),
    );
  if (name === "__name__" || name === "__qualname__") return { kind: "constant", value: ref.fact.name };
  if (field?.field.annotation) {
    const { type, optional } = typeOf(m, field.in.file, field.field.annotation);
    return valueOfType(m, self.kind === "instance" ? `${self.name}.${name}` : name, type, optional);
  }
  // What a base outside the project brings (`Schema.model_validate`) is no query.
  if (self.kind === "class" && hasExternalBase(m, ref)) return { kind: "parameter", name: `${ref.fact.name}.${name}` };
  return { kind: "unknown", reason: `${ref.fact.name} has no attribute ${name} that is known` };
}
const hasExternalBase = (m: Machine, ref: ClassRef) =>
  m.index.classes
    .linear(ref)
    .some((at) => at.fact.bases.some((base) => m.index.symbols.resolve(at.file, unsubscripted(base))?.kind === "external"));
const classOf = (m: Machine, self: Value): Value => {
  if (self.kind !== "instance") return self;
  if (self.entity) return { kind: "entity", use: m.mapping.use(self.entity) };
  return self.class ? { kind: "class", class: self.class } : self;
};

function instanceAttribute(m: Machine, of: InstanceValue, name: string): Value {
  if (name === "__class__") return classOf(m, of);
  const { entity } = of;
  const column = entity && entity.columns.get(entity.synonyms.get(name) ?? name);
  if (column) {
    const pythonType = pythonTypeOf(column.type);
    return { kind: "parameter", name: `${of.name}.${name}`, ...(pythonType ? { type: { name: pythonType } } : {}), sqlType: column.type };
  }
  const relationship = entity?.relationships.get(name);
  if (relationship) {
    const target = relationship.target === undefined ? undefined : m.index.entities.get(relationship.target);
    if (relationship.collection === false && target)
      return { kind: "instance", name: `${of.name}.${name}`, entity: target, attributes: new Map() };
    if (relationship.loading === "query")
      return { kind: "unknown", reason: `${of.name}.${name} is a query of its own (lazy="${relationship.lazy ?? "dynamic"}")` };
    return {
      kind: "parameter",
      name: `${of.name}.${name}`,
      type: { name: "list", list: target ? { name: target.name, entity: target } : { name: "" } },
    };
  }
  const ref = of.class ?? (entity && m.index.classes.of({ kind: "class", file: entity.file, index: entity.class }));
  if (ref) {
    if (entity?.hybrids.has(name)) return { kind: "parameter", name: `${of.name}.${name}` };
    // Said to be there, but not what it is: that is for the subclasses.
    const said = m.index.classes.field(ref, name)?.field;
    const bySubclass = said && !said.value ? subclassOf(m, of, ref, name) : undefined;
    if (bySubclass) return instanceAttribute(m, { ...of, class: bySubclass }, name);
    const found = classAttribute(m, ref, of, name);
    if (found.kind !== "unknown") return found;
    const { construct } = of;
    if (construct) {
      delete of.construct;
      construct();
      const made = of.attributes.get(name);
      if (made) return made;
    }
    const assigned = initialised(m, ref, of, name);
    if (assigned && assigned.kind !== "unknown") return assigned;
    const handedOn = byOwnConstructor(m, of, ref, name);
    if (handedOn) return handedOn;
    const chosen = subclassOf(m, of, ref, name);
    if (chosen) return of.attributes.get(name) ?? instanceAttribute(m, { ...of, class: chosen }, name);
    if (assigned) return assigned;
    const outside = externalBase(m, ref, "SQLAlchemy");
    if (outside !== undefined) return symbolAttribute(`${outside}()`, name);
  }
  return { kind: "parameter", name: `${of.name}.${name}` };
}

/**
 * `self.model` of a class that leaves it to its subclasses: one of those that say what it is, the same one for the same object on the whole
 * path. Undefined where none does, or too many.
 */
function subclassOf(m: Machine, of: InstanceValue, ref: ClassRef, name: string): ClassRef | undefined {
  const subclasses = m.index.classes.descendants(ref);
  const saying = subclasses.filter((one) => m.index.classes.field(one, name)?.field.value !== undefined || initialises(m, one));
  if (saying.length === 0 || saying.length > mostSubclasses) return undefined;
  const ordered = [...saying].sort((a, b) => (a.fact.name < b.fact.name ? -1 : 1));
  const at = m.oracle.choose(ordered.length, `class ${m.idOf(of)}`, (choice) =>
    ordered.length > 1 ? `${of.name} is a ${ordered[choice]!.fact.name}` : "",
  );
  const chosen = ordered[at]!;
  if (initialises(m, chosen) && !of.attributes.has(name)) initialise(m, of, chosen);
  return chosen;
}
const mostSubclasses = 16;
/** A constructor of its own, which hands on to the one above what the class is about. */
const initialises = (m: Machine, ref: ClassRef) => ref.fact.methods.some((at) => m.facts(ref.file).functions[at]!.name === "__init__");

function initialise(m: Machine, of: InstanceValue, ref: ClassRef): void {
  const init = m.index.classes.method(ref, "__init__")!;
  // Reads what it is to set itself.
  if (m.constructing.has(init.method)) return;
  m.constructing.add(init.method);
  try {
    const self: InstanceValue = { ...of, class: ref };
    callFunction(
      m,
      { kind: "function", file: init.in.file, index: init.index, self },
      { positional: [], keywords: new Map(), exprs: [] },
      2,
    );
  } finally {
    m.constructing.delete(init.method);
  }
}

/** `super().__init__(session, User)`: the class that a constructor hands on to the one above. */
function byOwnConstructor(m: Machine, of: InstanceValue, ref: ClassRef, name: string): Value | undefined {
  if (!initialises(m, ref)) return undefined;
  const scratch: InstanceValue = { ...of, attributes: new Map() };
  delete scratch.construct;
  initialise(m, scratch, ref);
  const value = scratch.attributes.get(name);
  return value && (value.kind === "entity" || value.kind === "class" || value.kind === "sql") ? value : undefined;
}

/** The dotted name of a base of that name that stands outside the project. */
function externalBase(m: Machine, ref: ClassRef, word: string): string | undefined {
  for (const at of m.index.classes.linear(ref))
    for (const base of at.fact.bases) {
      const symbol = m.index.symbols.resolve(at.file, base);
      if (symbol?.kind === "external" && symbol.name.endsWith(`.${word}`)) return symbol.name;
    }
  return undefined;
}

/** `model: type[T]`. */
function isClassParameter(init: FunctionFact, value: Expr): boolean {
  const annotation = value.kind === "name" ? init.params.find((param) => param.name === value.id)?.annotation : undefined;
  return annotation?.kind === "subscript" && ["type", "Type"].includes(dottedOf(annotation.of).split(".").at(-1)!);
}

/** `self.model = model` in `__init__`: by the annotation of the parameter. */
function initialised(m: Machine, ref: ClassRef, of: InstanceValue, name: string): Value | undefined {
  const init = m.index.classes.method(ref, "__init__");
  if (!init) return undefined;
  for (const statement of init.method.body) {
    if (statement.kind !== "assign" || !statement.value) continue;
    const target = statement.targets[0];
    if (target?.kind !== "attribute" || target.name !== name || target.of.kind !== "name" || target.of.id !== init.method.params[0]?.name)
      continue;
    const frame = new Frame(init.in.file, init.index, 1);
    frame.set(target.of.id, of);
    for (const param of init.method.params.slice(1)) {
      const { type, optional } = typeOf(m, init.in.file, param.annotation);
      frame.set(param.name, valueOfType(m, param.name, type, optional));
    }
    const value = m.eval(statement.value, frame);
    // What can change later is not what it was in the beginning.
    const lasting = ["function", "entity", "class", "instance", "parameter", "sql", "from", "relationship", "enum"].includes(value.kind);
    if (lasting || (value.kind === "unknown" && isClassParameter(init.method, statement.value))) return value;
    return { kind: "parameter", name: `${of.name}.${name}` };
  }
  return undefined;
}
