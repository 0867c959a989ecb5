import { partsOf, type FileFacts, type FunctionFact, type Stmt } from "../../python/index.js";
import { callsIn } from "../entities/classes.js";
import type { OrmIndex } from "../project/ormIndex.js";
import { registrationsIn } from "../project/registrations.js";
import { equal } from "./equal.js";
import type { Unit } from "./memory.js";
import { sameEntity } from "./sameEntities.js";

/** The body and signature of a function (or of a whole module: 0). */
export const functionUnit = (file: string, index: number): Unit => `${file}\n${index}`;
/** The parameters, decorators and annotations of a function. */
export const signatureUnit = (file: string, index: number): Unit => `${file}\nS${index}`;
/** What a class says outside of its methods. */
export const classUnit = (file: string, index: number): Unit => `${file}\nC${index}`;
/** What is assigned to a module-level name. */
export const variableUnit = (file: string, name: string): Unit => `${file}\nV${name}`;
export const entityUnit = (id: string): Unit => `E${id}`;
/** Whether some code of the project calls something of this name. */
export const constructionUnit = (name: string): Unit => `K${name}`;
/** What the project's code gives to all templates. */
export const registrationUnit: Unit = "J";
/** The template that a name means for the code in a file. */
export const templateUnit = (name: string, from: string): Unit => `T${from}\n${name}`;

/** What is another after an edit of `file` that left its declarations alone. Positions count: they are part of results. */
export function changedUnits(before: OrmIndex, after: OrmIndex, file: string): Unit[] {
  const old = before.files.get(file)!;
  const now = after.files.get(file)!;
  const entities = [...after.entities].filter(([id, entity]) => !sameEntity(before.entities.get(id), entity));
  return [
    ...changedFunctions(file, old, now),
    ...changedClasses(file, old, now),
    ...changedVariables(file, old, now),
    ...changedSignatures(file, old, now),
    ...changedCalls(old, now),
    ...(equal(registrationsIn(file, old), registrationsIn(file, now)) ? [] : [registrationUnit]),
    ...entities.map(([id]) => entityUnit(id)),
  ];
}

function changedCalls(old: FileFacts, now: FileFacts): Unit[] {
  const before = callsIn(old);
  const after = callsIn(now);
  return [...[...before].filter((name) => !after.has(name)), ...[...after].filter((name) => !before.has(name))].map(constructionUnit);
}

/** A function holds those that are defined in it. */
function changedFunctions(file: string, old: FileFacts, now: FileFacts): Unit[] {
  const changed = new Set<number>();
  now.functions.forEach((fn, index) => {
    if (index > 0 && equal(old.functions[index], fn)) return;
    for (let at = index; at >= 0 && !changed.has(at); at = now.functions[at]!.parent) changed.add(at);
  });
  return [...changed].map((index) => functionUnit(file, index));
}

function changedSignatures(file: string, old: FileFacts, now: FileFacts): Unit[] {
  const signature = ({ nameStart, params, returns, decorators }: FunctionFact) => ({ nameStart, params, returns, decorators });
  return now.functions.flatMap((fn, index) => {
    const before = old.functions[index];
    return before && equal(signature(before), signature(fn)) ? [] : [signatureUnit(file, index)];
  });
}

function changedClasses(file: string, old: FileFacts, now: FileFacts): Unit[] {
  return now.classes.flatMap((fact, index) => {
    // Where a class ends is of no interest to those who use it, and every edit of a method moves it.
    const before = old.classes[index];
    return before && equal({ ...before, end: 0 }, { ...fact, end: 0 }) ? [] : [classUnit(file, index)];
  });
}

function changedVariables(file: string, old: FileFacts, now: FileFacts): Unit[] {
  const before = assignments(old.functions[0]!.body);
  return [...assignments(now.functions[0]!.body)].flatMap(([name, made]) =>
    equal(before.get(name), made) ? [] : [variableUnit(file, name)],
  );
}

function assignments(statements: readonly Stmt[], found = new Map<string, Stmt[]>()): Map<string, Stmt[]> {
  for (const statement of statements) {
    if (statement.kind === "assign")
      for (const target of statement.targets)
        if (target.kind === "name") found.set(target.id, [...(found.get(target.id) ?? []), statement]);
    for (const block of partsOf(statement).blocks) assignments(block, found);
  }
  return found;
}

/** Everything that a template says. */
export const unitsOfTemplate = (file: string, facts: FileFacts): Unit[] => facts.functions.map((_fn, index) => functionUnit(file, index));
