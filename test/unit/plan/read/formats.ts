/** Writers that put a document of FORMAT JSON into the other structured formats, the way PostgreSQL prints them. */
type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: Value };

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#x0d;");
const tag = (key: string): string => [...key].map((character) => (/[A-Za-z0-9_.-]/.test(character) ? character : "-")).join("");

/** The element of each list, which JSON does not name. */
const elements: Readonly<Record<string, string>> = {
  Plans: "Plan",
  Workers: "Worker",
  Triggers: "Trigger",
  "Grouping Sets": "Grouping-Set",
  "Group Keys": "Group-Key",
  "Hash Keys": "Hash-Key",
  "Target Tables": "Target-Table",
};

export function asXml(json: string): string {
  const [document] = JSON.parse(json) as Record<string, Value>[];
  const lines = ['<explain xmlns="http://www.postgresql.org/2009/explain">', "  <Query>"];
  for (const [key, value] of Object.entries(document ?? {})) element(lines, tag(key), key, value, 4);
  return [...lines, "  </Query>", "</explain>"].join("\n");
}

function element(lines: string[], name: string, key: string, value: Value, indent: number): void {
  const blank = " ".repeat(indent);
  if (typeof value !== "object" || value === null) {
    lines.push(`${blank}<${name}>${escaped(String(value))}</${name}>`);
    return;
  }
  lines.push(`${blank}<${name}>`);
  if (Array.isArray(value)) for (const item of value as readonly Value[]) element(lines, elements[key] ?? "Item", "", item, indent + 2);
  else for (const [inner, part] of Object.entries(value)) element(lines, tag(inner), inner, part, indent + 2);
  lines.push(`${blank}</${name}>`);
}

export function asYaml(json: string): string {
  const lines: string[] = [];
  yamlItems(lines, JSON.parse(json) as readonly Value[], 0);
  return lines.join("\n");
}

const scalar = (value: Value): string => (typeof value === "string" ? JSON.stringify(value) : String(value));

function yamlItems(lines: string[], items: readonly Value[], indent: number): void {
  for (const item of items) {
    if (typeof item !== "object" || item === null || Array.isArray(item)) {
      lines.push(`${" ".repeat(indent)}- ${scalar(item)}`);
      continue;
    }
    const start = lines.length;
    yamlKeys(lines, item as Record<string, Value>, indent + 2);
    lines[start] = `${" ".repeat(indent)}- ${(lines[start] ?? "").trimStart()}`;
  }
}

function yamlKeys(lines: string[], keys: Readonly<Record<string, Value>>, indent: number): void {
  for (const [key, value] of Object.entries(keys)) {
    const blank = " ".repeat(indent);
    if (typeof value !== "object" || value === null) lines.push(`${blank}${key}: ${scalar(value)}`);
    else {
      lines.push(`${blank}${key}:`);
      if (Array.isArray(value)) yamlItems(lines, value as readonly Value[], indent + 2);
      else yamlKeys(lines, value as Record<string, Value>, indent + 2);
    }
  }
}
