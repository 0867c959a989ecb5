// Who may import whom (docs/architecture.md, "Layers"). A room may import itself and what stands behind it here;
// packages are held to the same table, so that I/O cannot enter a pure room by way of a library.
import { dirname, relative, resolve, sep } from "node:path";

const bottom = ["python", "sql", "templates", "catalog", "workload"];
const engine = [...bottom, "plan", "orm", "rules"];
const pure = { packages: ["zod", "web-tree-sitter", "libpg-query", "pgsql-deparser", "sql-formatter"], node: [] };
const anything = { packages: "*", node: "*" };

export const rooms = {
  protocol: { imports: [], packages: ["zod"], node: [] },
  python: { imports: ["protocol"], ...pure },
  sql: { imports: ["protocol", "catalog"], ...pure },
  templates: { imports: ["protocol", "python"], ...pure },
  catalog: { imports: ["protocol"], ...pure },
  workload: { imports: ["protocol"], ...pure },
  plan: { imports: ["protocol", "catalog", "sql"], packages: [...pure.packages, "saxes", "yaml"], node: [] },
  orm: { imports: ["protocol", ...bottom, "plan"], ...pure },
  translate: { imports: ["protocol", "python", "sql", "catalog", "orm"], ...pure },
  rules: { imports: ["protocol", ...bottom, "plan", "orm"], ...pure },
  database: { imports: ["protocol", "sql", "plan", "catalog", "workload"], packages: ["pg", "pg-types", "zod"], node: "*" },
  history: { imports: ["protocol"], packages: ["zod"], node: "*" },
  embedded: { imports: ["protocol", "database"], ...anything },
  analyzers: { imports: ["protocol", ...engine, "database"], packages: ["zod"], node: [] },
  workspace: { imports: ["protocol", ...engine, "translate"], packages: ["ignore", "smol-toml", "zod"], node: "*" },
  report: { imports: ["protocol", "analyzers", ...engine], packages: ["zod"], node: [] },
  operations: {
    imports: ["protocol", "analyzers", "database", "embedded", "history", "workspace", "report", ...engine],
    packages: ["zod"],
    node: "*",
  },
  lsp: { imports: ["protocol", "operations", "workspace", "database", "history", "rules", "templates"], ...anything },
  cli: { imports: ["protocol", "operations", "workspace", "database", "history", "report", "rules"], ...anything },
  mcp: { imports: ["protocol", "operations"], ...anything },
  client: { imports: ["protocol"], ...anything },
  webview: { imports: ["protocol"], ...anything },
};
const forbiddenPackages = { vscode: ["client"], pg: ["database", "embedded"] };

const root = resolve(import.meta.dirname, "../..");

function roomOf(path) {
  const parts = relative(root, path).split(sep);
  if (parts[0] === "client" || parts[0] === "webview") return parts[0];
  return parts[0] === "server" && parts[1] === "src" ? parts[2] : undefined;
}

/** Packages are named as npm names them: `@scope/name` or `name`, whatever path follows. */
function packageOf(specifier) {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}

/** @returns {string | undefined} why the import is forbidden */
export function forbidden(file, specifier) {
  const from = roomOf(file);
  const room = rooms[from];
  if (!room) return from && `The folder "${from}" is not a room of the design: give it a line in scripts/lint/layering.mjs.`;
  if (specifier.startsWith("#protocol/"))
    return from === "protocol" || room.imports.includes("protocol") ? undefined : `"${from}" may not import "protocol".`;
  if (specifier.startsWith(".")) {
    const to = roomOf(resolve(dirname(file), specifier));
    if (to === from || to === undefined || room.imports.includes(to)) return undefined;
    return `"${from}" may not import "${to}" (allowed: ${room.imports.join(", ") || "nothing"}).`;
  }
  if (specifier.startsWith("node:")) return room.node === "*" ? undefined : `"${from}" does no I/O: it may not import "${specifier}".`;
  const name = packageOf(specifier);
  const only = forbiddenPackages[name];
  if (only && !only.includes(from)) return `Only ${only.join(" and ")} may import "${name}".`;
  return room.packages === "*" || room.packages.includes(name) ? undefined : `"${from}" may not import the package "${name}".`;
}

export default {
  rules: {
    layering: {
      meta: { type: "problem", schema: [] },
      create(context) {
        const check = (node) => {
          const specifier = node.source?.value;
          if (typeof specifier !== "string") return;
          const why = forbidden(context.filename, specifier);
          if (why) context.report({ node: node.source, message: why });
        };
        return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
      },
    },
  },
};
