// Serves a built page as a web view does: same content security policy, VS Code's theme variables, and a stand-in for its API.
// Themes are what VS Code 1.139 puts on a web view's root element, kept under themes/.
import { randomBytes } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve } from "node:path";

const here = import.meta.dirname;
/** PAGES names another build than dist/webview. */
export const dist = resolve(process.env.PAGES ?? join(here, "../../dist/webview"));
export const chromium = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
  ],
};

const types = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf", ".html": "text/html; charset=utf-8" };

export async function themeNames() {
  return (await readdir(join(here, "themes"))).map((name) => name.replace(".json", "")).sort();
}

/** @returns {Promise<{ url(page: string, theme: string): string, close(): Promise<void> }>} */
export async function servePages() {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    answer(url).then(
      ([type, body]) => response.writeHead(200, { "content-type": type }).end(body),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise((done) => server.listen(Number(process.env.PORT ?? 0), "127.0.0.1", done));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    url: (page, theme) => `${origin}/${page}.html?theme=${theme}`,
    close: () => new Promise((done) => server.close(() => done())),
  };
}

async function answer(url) {
  const type = types[extname(url.pathname)] ?? "application/octet-stream";
  if (type !== types[".html"]) return [type, await readFile(join(dist, url.pathname))];
  const theme = JSON.parse(await readFile(join(here, "themes", `${url.searchParams.get("theme") ?? "dark-2026"}.json`), "utf8"));
  return [type, html(url.pathname.slice(1, -5), theme, url.origin)];
}

function html(page, theme, origin) {
  const nonce = randomBytes(16).toString("base64");
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'self'`,
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data:",
  ].join("; ");
  const style = Object.entries(theme.variables)
    .map(([name, value]) => `${name}: ${value};`)
    .join(" ");
  return `<!doctype html>
<html lang="en" style="${style.replaceAll('"', "&quot;")}" data-origin="${origin}">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${page}</title>
<link rel="stylesheet" href="codicon.css"><link rel="icon" href="data:,"><link rel="stylesheet" href="${page}.css">
<script nonce="${nonce}">
  window.posted = [];
  let state = JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined;
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.posted.push(message),
    getState: () => state,
    setState: (next) => { state = next; sessionStorage.setItem("state", JSON.stringify(next)); },
  });
</script></head>
<body class="${theme.kind}" data-vscode-theme-id="${theme.id}"><div id="root"></div>
<script type="module" nonce="${nonce}" src="${page}.js"></script></body></html>`;
}
