import type { ImportedName } from "../facts.js";
import type { Lowering } from "./context.js";

const dotted = (l: Lowering, node: number) =>
  l
    .raw(node)
    .split(".")
    .map((part) => part.trim())
    .join(".");

interface Name {
  name: string;
  alias?: string;
  start: number;
  end: number;
}
function imported(l: Lowering, node: number): Name {
  const place = { start: l.start(node), end: l.end(node) };
  if (l.type(node) !== "aliased_import") return { name: dotted(l, node), ...place };
  const name = l.child(node, "name");
  const alias = l.child(node, "alias");
  return { name: name === undefined ? "" : dotted(l, name), ...(alias === undefined ? {} : { alias: l.name(alias) }), ...place };
}

function fromModule(l: Lowering, node: number): { level: number; module: string } {
  if (l.type(node) !== "relative_import") return { level: 0, module: dotted(l, node) };
  const text = l.raw(node);
  let level = 0;
  let at = 0;
  while (at < text.length && (text[at] === "." || text[at]!.trim() === "")) if (text[at++] === ".") level++;
  return { level, module: text.slice(at).trim() };
}

/** `import a, b` gives two facts, `from m import a, b` one. Returns indices into `imports`. */
export function lowerImport(l: Lowering, node: number): number[] {
  const base = {
    start: l.start(node),
    end: l.end(node),
    function: l.function,
    ...(l.conditional ? { conditional: true as const } : {}),
  };
  const children = l.children(node);
  if (l.type(node) === "import_statement")
    return children.map((child) => {
      const { name, alias } = imported(l, child);
      return l.imports.push({ ...base, level: 0, module: name, ...(alias ? { alias } : {}) }) - 1;
    });
  const moduleNode = l.child(node, "module_name");
  if (moduleNode === undefined) return [];
  const star = children.some((child) => l.type(child) === "wildcard_import");
  const names: ImportedName[] = children
    .filter((child) => child !== moduleNode && l.type(child) !== "wildcard_import")
    .map((child) => imported(l, child));
  const first = names[0];
  const indent = first && l.text[base.end - 1] === ")" ? l.indentBetween(l.text.lastIndexOf("(", first.start) + 1, first.start) : undefined;
  const layout = indent === undefined ? {} : { indent };
  return [l.imports.push({ ...base, ...fromModule(l, moduleNode), names, ...(star ? { star: true as const } : {}), ...layout }) - 1];
}
