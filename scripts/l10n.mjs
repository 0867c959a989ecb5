// Writes l10n/bundle.l10n.json: every text of client/ that goes through vscode.l10n.t, as the translators' template. `--check` fails on drift.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "..");
const target = join(root, "l10n/bundle.l10n.json");

/** @returns {string[]} texts of the calls `vscode.l10n.t("…")` and `t("…")` of one file; other arguments cannot be translated and throw */
export function textsOf(name, source) {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const texts = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && isTranslation(node.expression)) {
      const [first] = node.arguments;
      if (!first || !ts.isStringLiteralLike(first)) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart());
        throw new Error(`${name}:${line + 1}: the text of l10n.t must be a plain literal, or nobody can translate it.`);
      }
      texts.push(first.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return texts;
}

function isTranslation(callee) {
  if (ts.isIdentifier(callee)) return callee.text === "t";
  return ts.isPropertyAccessExpression(callee) && callee.name.text === "t" && callee.expression.getText().endsWith("l10n");
}

export function bundle() {
  const files = readdirSync(join(root, "client/src"), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  const texts = files.flatMap((name) => textsOf(name, readFileSync(join(root, "client/src", name), "utf8")));
  return `${JSON.stringify(Object.fromEntries([...new Set(texts)].sort().map((text) => [text, text])), null, 2)}\n`;
}

if (process.argv[1] === import.meta.filename) {
  if (!process.argv.includes("--check")) writeFileSync(target, bundle());
  else if (readFileSync(target, "utf8") !== bundle()) {
    console.error("l10n/bundle.l10n.json is out of date: run node scripts/l10n.mjs.");
    process.exit(1);
  }
}
