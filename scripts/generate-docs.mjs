// Writes docs/rules/ and the manifest's `dbOptimize.rules` from the rules themselves, and docs/insights/ from the insights of the plan page.
// `--check` writes nothing and fails where they differ.
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { format, resolveConfig } from "prettier";

const root = resolve(import.meta.dirname, "..");
const pages = join(root, "docs/rules");
const insightPages = join(root, "docs/insights");
const insightFixtures = join(root, "test/unit/plan/insights/fixtures");
const manifest = join(root, "package.json");
const levels = ["off", "hint", "info", "warning", "error"];

/** Rules and insights are TypeScript: bundled for this one run. */
async function load(entryPoint) {
  const outfile = join(root, "node_modules/.cache/db-optimize", `docs-${basename(entryPoint, ".ts")}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, entryPoint)],
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
    return await import(pathToFileURL(outfile).href);
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

const generatedInsight = "<!-- Written by `npm run docs` from the insight's own file. -->";

async function insightPage({ id, docs }) {
  return [
    generatedInsight,
    `# ${id}`,
    docs.summary,
    "Severity by the share of the statement's time that is at stake: **warning** from 25 %, **info** from 5 %, below that **hint**.",
    "## What it means",
    docs.whatItMeans,
    "## Why it costs",
    docs.whyItCosts,
    "## What to do",
    docs.whatToDo,
    ...(await insightExample(id)),
    "## When it keeps silent",
    docs.silentWhen,
    "## References",
    docs.references.map((url) => `- <${url}>`).join("\n"),
  ].join("\n\n");
}

/** The first case of the insight's fixture that has a statement: a plan of a real server, and what is said of it. */
async function insightExample(id) {
  const markdown = await readFile(join(insightFixtures, `${id}.md`), "utf8");
  for (const section of markdown.split(/^## fires: /m).slice(1)) {
    const [, sql] = /```sql\n([^]*?)\n```/.exec(section) ?? [];
    const lines = section.split(/^## /m)[0].split("\n");
    const start = lines.findIndex((line) => line.startsWith(`> - **${id}**`));
    if (sql === undefined || start < 0) continue;
    const next = lines.findIndex((line, index) => index > start && line.startsWith("> - "));
    const said = lines.slice(start + 1, next < 0 ? undefined : next).filter((line) => line.startsWith("> "));
    return ["## Example", `\`\`\`sql\n${sql}\n\`\`\``, said.map((line) => line.replace(/^> {2}/, "")).join("\n")];
  }
  return [];
}

function insightOverview(insights) {
  return [
    generatedInsight,
    "# Insights",
    "What the plan page, `db-optimize plan` and the chat say of a plan. Each cause is told once, at the node where it arises, with its figures, what it costs in this plan and what to do. " +
      "What is over within a millisecond, never ran, or only looks wrong (a LIMIT that stopped early, the planner's divisor of parallel scans) is not told.",
    [
      "| insight | finds |",
      "| --- | --- |",
      ...insights.map(({ id, docs }) => `| [${id}](${id}.md) | ${docs.summary.replaceAll("|", "\\|")} |`),
    ].join("\n"),
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
  const rules = [...(await load("server/src/rules/registry.ts")).rulesById.values()];
  const insights = (await load("server/src/plan/insights/list.ts")).insightRules;
  const files = new Map([[join(pages, "README.md"), overview(rules)]]);
  for (const rule of rules) files.set(join(pages, `${rule.meta.id}.md`), page(rule));
  files.set(join(insightPages, "README.md"), insightOverview(insights));
  for (const insight of insights) files.set(join(insightPages, `${insight.id}.md`), await insightPage(insight));
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
  for (const folder of [pages, insightPages])
    for (const name of existsSync(folder) ? await readdir(folder) : [])
      if (!files.has(join(folder, name))) found.push({ path: join(folder, name), why: "belongs to no rule and no insight" });
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
