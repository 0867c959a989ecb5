import type { Expr } from "../../python/index.js";
import { shapeOf } from "../entities/annotations.js";
import { lastWord, ormWord } from "../project/names.js";
import type { OrmIndex } from "../project/ormIndex.js";
import type { PythonSymbol } from "../project/symbols.js";
import { uncertainPlan } from "../values/plan.js";
import { collection, unknown, type Value } from "../values/value.js";

const syncSessions = new Set(["Session", "scoped_session", "SASession", "Connection", "OrmSession"]);
const asyncSessions = new Set(["AsyncSession", "async_scoped_session", "AsyncConnection"]);
const factories = new Set(["sessionmaker", "async_sessionmaker"]);

/** A session by the class it is an instance of. */
export function sessionOf(symbol: PythonSymbol | undefined): Value | undefined {
  const word = ormWord(symbol);
  if (word === undefined) return undefined;
  if (asyncSessions.has(word)) return { kind: "session", async: true, proved: true };
  if (syncSessions.has(word)) return { kind: "session", async: false, proved: true };
  return undefined;
}

/**
 * What a value of this annotation is: an entity, a session, an instance of a class of the project, or a collection of those.
 * @param what how messages name it: "parameter `users`"
 */
export function declaredValue(index: OrmIndex, file: string, annotation: Expr, what: string, depth = 0): Value {
  const shape = shapeOf(annotation);
  if (!shape.type || depth > 5) return unknown;
  const symbol = index.symbols.resolve(file, shape.type);
  const one = oneOf(index, file, annotation, symbol, what, depth);
  return shape.collection ? (one.kind === "unknown" ? unknown : collection(one)) : one;
}

function oneOf(index: OrmIndex, file: string, place: Expr, symbol: PythonSymbol | undefined, what: string, depth: number): Value {
  // `SessionDep = Annotated[AsyncSession, Depends(get_session)]`
  if (symbol?.kind === "variable") return symbol.value ? declaredValue(index, symbol.file, symbol.value, what, depth + 1) : unknown;
  const session = sessionOf(symbol);
  if (session) return session;
  if (symbol?.kind === "external") return factories.has(lastWord(symbol.name)) ? { kind: "external", name: `${symbol.name}()` } : unknown;
  const entity = index.entity(symbol);
  if (entity) {
    const origin = { kind: "declared", file, start: place.start, end: place.end, what } as const;
    return { kind: "entity", entity: entity.id, plan: uncertainPlan, origin };
  }
  const ref = index.classes.of(symbol);
  if (!ref) return unknown;
  return sessionClass(index, ref.file, ref.index) ?? { kind: "instance", class: ref };
}

/** A session for a class of the project that extends SQLAlchemy's. */
export function sessionClass(index: OrmIndex, file: string, classIndex: number): Value | undefined {
  const ref = index.classes.of({ kind: "class", file, index: classIndex });
  if (!ref) return undefined;
  for (const at of index.classes.linear(ref))
    for (const base of at.fact.bases) {
      const session = sessionOf(index.symbols.resolve(at.file, base));
      if (session) return session;
    }
  return undefined;
}
