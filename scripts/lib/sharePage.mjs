// dist/webview/share.html: the plan page as one file, with a place for the plan (server/src/protocol/sharePage.ts fills it).
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * @param {import("esbuild").BuildOptions} pages how the pages are built
 * @param {string} root of the project
 */
export async function buildSharePage(pages, root) {
  const { outputFiles } = await build({
    ...pages,
    entryPoints: { share: "webview/src/share/main.ts" },
    sourcemap: false,
    minify: true,
    splitting: false,
    format: "iife",
    write: false,
    // Only what a single file never reaches asks where it lies.
    define: { "import.meta.url": '""' },
  });
  const part = (ending) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? "";
  // A browser ends a script at the first such mark, wherever it stands.
  const script = part(".js").replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const codicons = join(root, "node_modules/@vscode/codicons/dist");
  const font = await readFile(join(codicons, "codicon.ttf"), "base64");
  const icons = (await readFile(join(codicons, "codicon.css"), "utf8")).replace(/url\([^)]*\)/, `url(data:font/ttf;base64,${font})`);
  const out = pages.outdir ?? "";
  await mkdir(out, { recursive: true });
  await writeFile(join(out, "share.html"), html(script, part(".css"), icons));
}

function html(script, style, icons) {
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${createHash("sha256").update(script).digest("base64")}'`,
    "style-src 'unsafe-inline' data:",
    "font-src data:",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="single-file">
<title>Query plan</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="data:text/css;base64,${Buffer.from(icons).toString("base64")}">
<style>${style}</style>
</head>
<body><div id="root"></div>
<script type="application/json" id="plan">%PLAN%</script>
<script>${script}</script>
</body>
</html>
`;
}
