/** Not settings: they say who connects to what. */
const identity = new Set(["user", "database", "replication", "options"]);

/** The settings that a client's startup parameters ask for, as statements; PGlite itself ignores them. */
export function settingStatements(parameters: ReadonlyMap<string, string>): string[] {
  const named = [...parameters].filter(([name]) => !identity.has(name) && !name.startsWith("_pq_."));
  return [...named, ...optionSettings(parameters.get("options") ?? "")].map(
    ([name, value]) => `SELECT pg_catalog.set_config(${literal(name)}, ${literal(value)}, false)`,
  );
}

/** `-c name=value` and `--name=value` of the `options` parameter; a backslash escapes a space. */
export function optionSettings(options: string): [string, string][] {
  const words = [...options.matchAll(/(?:\\.|\S)+/gs)].map(([word]) => word.replace(/\\(.)/gs, "$1"));
  const found: [string, string][] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? "";
    const pair = word === "-c" ? words[++i] : word.startsWith("--") ? word.slice(2) : word.startsWith("-c") ? word.slice(2) : undefined;
    const equals = pair?.indexOf("=") ?? -1;
    if (pair && equals > 0) found.push([pair.slice(0, equals).replaceAll("-", "_"), pair.slice(equals + 1)]);
  }
  return found;
}

function literal(text: string): string {
  const escaped = text.replaceAll("'", "''").replaceAll("\\", "\\\\");
  return escaped.includes("\\") ? `E'${escaped}'` : `'${escaped}'`;
}
