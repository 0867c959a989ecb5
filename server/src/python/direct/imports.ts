import { exact } from "../lower/exact.js";
import type { ImportedName } from "../facts.js";
import { indentBetween } from "../lower/layout.js";
import type { Reader } from "./reader.js";
import { giveUp } from "./scanner.js";

function dotted(r: Reader): string {
  let name = r.name();
  while (r.skip(".")) name += `.${r.name()}`;
  return name;
}

function imported(r: Reader, name: (r: Reader) => string): ImportedName {
  const { start } = r;
  const first = name(r);
  const alias = r.skip("as") ? r.name() : undefined;
  const end = r.lastEnd;
  return alias === undefined ? { name: first, start, end } : { name: first, alias, start, end };
}

/** `import a, b` gives two facts, `from m import a, b` one. Returns indices into `imports`. */
export function readImport(r: Reader): number[] {
  const { start } = r;
  if (r.skip("import")) return plainImport(r, start);
  r.advance();
  const { level, module } = fromModule(r);
  r.expect("import");
  const isStar = r.skip("*");
  const isBracketed = !isStar && r.token === "(";
  const bracket = r.start;
  if (isBracketed) r.advance();
  const names: ImportedName[] = [];
  if (!isStar) {
    do names.push(imported(r, (reader) => reader.name()));
    while (r.skip(",") && !r.is(")"));
    if (isBracketed) r.expect(")");
  }
  if (level === 0 && module === "__future__") return [];
  const indent = isBracketed ? indentBetween(r.text, bracket + 1, names[0]!.start) : undefined;
  const fact = {
    ...place(r, start),
    level,
    module,
    names: exact(names),
    ...(isStar ? { star: true as const } : {}),
    ...(indent === undefined ? {} : { indent }),
  };
  return [r.facts.imports.push(fact) - 1];
}

function plainImport(r: Reader, start: number): number[] {
  const names: ImportedName[] = [];
  do names.push(imported(r, dotted));
  while (r.skip(","));
  return names.map(
    ({ name, alias }) =>
      r.facts.imports.push({ ...place(r, start), level: 0, module: name, ...(alias === undefined ? {} : { alias }) }) - 1,
  );
}

const place = (r: Reader, start: number) => ({
  start,
  end: r.lastEnd,
  function: r.facts.function,
  ...(r.facts.conditional ? { conditional: true as const } : {}),
});

function fromModule(r: Reader): { level: number; module: string } {
  let level = 0;
  for (;;) {
    if (r.skip("...")) level += 3;
    else if (r.skip(".")) level++;
    else break;
  }
  const module = r.token === "import" ? "" : dotted(r);
  return level === 0 && module === "" ? giveUp() : { level, module };
}
