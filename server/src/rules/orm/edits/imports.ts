import type { FileFacts, ImportFact, ImportedName } from "../../../python/index.js";
import { insertion, type Edit } from "./edit.js";

/** How a name can be written in a file, and what must be added so that it can. */
export interface Reference {
  readonly text: string;
  readonly edits: readonly Edit[];
}

const topLevel = (facts: FileFacts) => facts.imports.filter((fact) => fact.function === 0 && !fact.conditional);

/** Imports that hold at a place: those of the module and of the functions around it, the innermost first. */
export function importsAt(facts: FileFacts, at: number): ImportFact[] {
  const around = (fact: ImportFact) => {
    const fn = facts.functions[fact.function];
    return fact.function > 0 && fn !== undefined && fn.start <= at && at < fn.end && fact.end <= at;
  };
  return [...facts.imports.filter((fact) => !fact.conditional && around(fact)).reverse(), ...topLevel(facts)];
}
const newline = (facts: FileFacts) => (facts.crlf ? "\r\n" : "\n");

/** Whether the file's code gives the name another meaning than `module` does. */
function isTaken(facts: FileFacts, module: string, name: string): boolean {
  const others = facts.imports.filter((fact) => fact.level > 0 || fact.module !== module);
  return (
    others.some((fact) => fact.names?.some((one) => (one.alias ?? one.name) === name) ?? fact.alias === name) ||
    facts.classes.some((fact) => fact.function === 0 && fact.name === name) ||
    facts.functions.some((fact) => fact.parent === 0 && fact.class === undefined && fact.name === name)
  );
}

/** `name` of an outside module, imported as the file imports such things already; undefined where the name is taken. */
export function referTo(file: string, facts: FileFacts, module: string, name: string, at: number): Reference | undefined {
  for (const fact of importsAt(facts, at)) {
    const local = fact.level === 0 && fact.module === module ? fact.names?.find((one) => one.name === name) : undefined;
    if (local) return { text: local.alias ?? local.name, edits: [] };
  }
  const imports = topLevel(facts);
  const from = imports.filter((fact) => fact.level === 0 && fact.module === module && fact.names && !fact.star);
  const prefix = modulePrefix(imports, module);
  if (prefix !== undefined && from.length === 0) return { text: `${prefix}.${name}`, edits: [] };
  if (isTaken(facts, module, name)) return undefined;
  const edit = from[0] ? withName(file, facts, from[0], name) : newImport(file, facts, imports, module, name);
  return edit && { text: name, edits: [edit] };
}

/** `import sqlalchemy.orm as so`, `from sqlalchemy import orm`. */
function modulePrefix(imports: readonly ImportFact[], module: string): string | undefined {
  const parent = module.slice(0, module.lastIndexOf("."));
  const last = module.slice(module.lastIndexOf(".") + 1);
  for (const fact of imports) {
    if (fact.level === 0 && fact.module === module && !fact.names) return fact.alias ?? module;
    const member = fact.level === 0 && fact.module === parent ? fact.names?.find((one) => one.name === last) : undefined;
    if (member) return member.alias ?? member.name;
  }
  return undefined;
}

/** Puts the name among those that an import names already: in order where they are in order, else last. */
export function withName(file: string, facts: FileFacts, fact: ImportFact, name: string): Edit | undefined {
  const names = fact.names ?? [];
  const last = names.at(-1);
  if (!last) return undefined;
  const separator = fact.indent === undefined ? ", " : `,${newline(facts)}${" ".repeat(fact.indent)}`;
  const next = isSorted(names) ? names.find((one) => before(name, one.name)) : undefined;
  return next ? insertion(file, next.start, `${name}${separator}`) : insertion(file, last.end, `${separator}${name}`);
}

/** As isort and ruff order: constants, classes, then functions, each by letter. */
const rank = (name: string) => (name === name.toUpperCase() && name.length > 1 ? 0 : name[0] !== name[0]!.toLowerCase() ? 1 : 2);
const before = (a: string, b: string) => (rank(a) === rank(b) ? a.toLowerCase() < b.toLowerCase() : rank(a) < rank(b));
const isSorted = (names: readonly ImportedName[]) => names.every((one, at) => at === 0 || !before(one.name, names[at - 1]!.name));

/** A line of its own, beside the imports that it belongs to. */
function newImport(file: string, facts: FileFacts, imports: readonly ImportFact[], module: string, name: string): Edit | undefined {
  const top = module.split(".")[0]!;
  const absolute = imports.filter((fact) => fact.level === 0);
  const sameRoot = absolute.filter((fact) => fact.module.split(".")[0] === top);
  const line = `from ${module} import ${name}`;
  const next = sameRoot.find((fact) => fact.module > module);
  const anchor = sameRoot.filter((fact) => fact.module <= module).at(-1) ?? (next ? undefined : absolute.at(-1));
  if (anchor) return insertion(file, anchor.end, `${newline(facts)}${line}`);
  // Before a first relative import, too.
  const before = next ?? imports[0];
  return before && insertion(file, before.start, `${line}${newline(facts)}`);
}
