// Writes docs/rules/ and the manifest's `dbOptimize.rules` from the rules themselves. `--check` writes nothing and fails where they differ.
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format, resolveConfig } from "prettier";

const root = resolve(import.meta.dirname, "..");
const pages = join(root, "docs/rules");
const manifest = join(root, "package.json");
const levels = ["off", "hint", "info", "warning", "error"];

/** The rules are TypeScript: bundled for this one run. */
async function loadRules() {
  const outfile = join(root, "node_modules/.cache/db-optimize", `rules-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, "server/src/rules/registry.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    external: ["node:*"],
    absWorkingDir: root,
    logLevel: "warning",
  });
  try {
    return [...(await import(pathToFileURL(outfile).href)).rulesById.values()];
  } finally {
    await rm(outfile, { force: true });
  }
}

const fixWords = {
  safe: "Offers a fix, which “fix all” applies too where it is proved to be safe.",
  unsafe: "Offers a fix that may change behaviour; it is never applied unasked.",
  displayOnly: "The fix is shown as advice.",
};
const language = ({ meta }) => (meta.languages[0] === "python" ? "python" : meta.languages[0] === "jinja" ? "html" : "sql");
const generated = "<!-- Written by `npm run docs` from the rule's own file. -->";

function page(rule) {
  const { meta, docs } = rule;
  const code = (text) => `\`\`\`${language(rule)}\n${text.trim()}\n\`\`\``;
  const facts = [
    `Severity: **${meta.severity}**`,
    meta.enabledByDefault ? "on by default" : "off by default",
    `looks at ${meta.languages.map((name) => ({ python: "Python", sql: "SQL", jinja: "Jinja" })[name]).join(" and ")}`,
  ];
  return [
    generated,
    `# ${meta.id}`,
    meta.summary,
    `${facts.join(" · ")}.${meta.fix ? ` ${fixWords[meta.fix]}` : ""}`,
    "## What it does",
    docs.whatItDoes,
    "## Why is this bad?",
    docs.whyBad,
    "## Example",
    code(docs.bad),
    "## Use instead",
    code(docs.good),
    ...(docs.fixSafety ? ["## Fix safety", docs.fixSafety] : []),
    "## Configure and silence",
    `Set its level with \`"dbOptimize.rules": { "${meta.id}": "off" }\` in the editor or, for editor and command line alike, in pyproject.toml:`,
    `\`\`\`toml\n[tool.db-optimize.rules]\n${meta.id} = "off"\n\`\`\``,
    `Silence one place with a comment on its line or above it that gives the reason: \`db-optimize: ignore[${meta.id}] reason\`.`,
    ...(docs.references.length > 0 ? ["## References", docs.references.map((url) => `- <${url}>`).join("\n")] : []),
  ].join("\n\n");
}

function overview(rules) {
  const row = ({ meta }) =>
    `| [${meta.id}](${meta.id}.md) | ${meta.summary.replaceAll("|", "\\|")} | ${meta.enabledByDefault ? meta.severity : "off"} | ${meta.fix ?? "–"} |`;
  return [
    generated,
    "# Rules",
    "Levels are set in `dbOptimize.rules` (editor) or `[tool.db-optimize.rules]` (pyproject.toml): " +
      `${levels.map((level) => `\`${level}\``).join(", ")}. ` +
      "A comment `db-optimize: ignore[rule] reason` silences a rule on its line, the line below or the statement below; `db-optimize: ignore-file[rule] reason` in the whole file.",
    ["| rule | finds | level | fix |", "| --- | --- | --- | --- |", ...rules.map(row)].join("\n"),
  ].join("\n\n");
}

function setting(rules) {
  return {
    type: "object",
    default: {},
    scope: "resource",
    markdownDescription: "Levels of the rules. A rule that is not named keeps its own.",
    additionalProperties: false,
    properties: Object.fromEntries(
      rules.map(({ meta }) => [
        meta.id,
        { type: "string", enum: levels, default: meta.enabledByDefault ? meta.severity : "off", markdownDescription: meta.summary },
      ]),
    ),
  };
}

async function wanted() {
  const rules = await loadRules();
  const files = new Map([[join(pages, "README.md"), overview(rules)]]);
  for (const rule of rules) files.set(join(pages, `${rule.meta.id}.md`), page(rule));
  for (const [path, text] of files)
    files.set(path, await format(text, { ...(await resolveConfig(path)), filepath: path, embeddedLanguageFormatting: "off" }));
  const json = JSON.parse(await readFile(manifest, "utf8"));
  json.contributes ??= {};
  json.contributes.configuration ??= { title: "DB Optimize", properties: {} };
  json.contributes.configuration.properties["dbOptimize.rules"] = setting(rules);
  files.set(manifest, `${JSON.stringify(json, null, 2)}\n`);
  return files;
}

async function differences(files) {
  const found = [];
  for (const [path, text] of files) {
    if (!existsSync(path)) found.push({ path, why: "is missing" });
    else if ((await readFile(path, "utf8")) !== text) found.push({ path, why: "is out of date" });
  }
  for (const name of existsSync(pages) ? await readdir(pages) : [])
    if (!files.has(join(pages, name))) found.push({ path: join(pages, name), why: "belongs to no rule" });
  return found;
}

const files = await wanted();
const different = await differences(files);
if (process.argv.includes("--check")) {
  for (const { path, why } of different) console.error(`${relative(root, path)} ${why}: run npm run docs.`);
  process.exitCode = different.length > 0 ? 1 : 0;
} else {
  for (const { path } of different) {
    const text = files.get(path);
    await mkdir(dirname(path), { recursive: true });
    if (text === undefined) await rm(path);
    else await writeFile(path, text);
    console.log(`${text === undefined ? "removed" : "wrote"} ${relative(root, path)}`);
  }
}
