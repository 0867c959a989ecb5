// The peer of the plan page: npm's pev2, in the same browser.
import { build } from "esbuild";
import { existsSync, mkdirSync } from "node:fs";
import { createServer } from "node:http";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

export const version = "1.21.0";
const packages = [`pev2@${version}`, "vue@3.5.22"];

const entry = `
import { createApp, h } from "vue";
import { Plan } from "pev2";
import "bootstrap/dist/css/bootstrap.min.css";
import "pev2/dist/pev2.css";
globalThis.show = (planSource) =>
  createApp({ render: () => h("div", { style: "height: 100vh", class: "d-flex flex-column" }, h(Plan, { planSource, planQuery: "" })) }).mount("#app");
globalThis.ready = true;`;

/**
 * Serves a page with pev2, which is installed below `folder` when it is not there.
 * @returns {Promise<{ url: string, close(): Promise<void> } | undefined>} undefined where it cannot be installed
 */
export async function servePev2(folder) {
  const modules = join(folder, "node_modules");
  if (!existsSync(join(modules, "pev2", "package.json"))) {
    mkdirSync(folder, { recursive: true });
    const install = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", ...packages];
    spawnSync("npm", install, { stdio: "ignore", shell: process.platform === "win32" });
    if (!existsSync(join(modules, "pev2", "package.json"))) return undefined;
  }
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: folder, loader: "js" },
    bundle: true,
    minify: true,
    write: false,
    outdir: folder,
    format: "esm",
    logLevel: "error",
    // npm may have laid another copy beside pev2; two of them do not know each other's state.
    alias: { vue: vueOf(modules) },
    define: { "process.env.NODE_ENV": '"production"', __VUE_OPTIONS_API__: "true", __VUE_PROD_DEVTOOLS__: "false" },
    loader: { ".svg": "dataurl", ".woff2": "dataurl" },
  });
  const text = (end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  const files = {
    "/": ["text/html; charset=utf-8", page],
    "/page.js": ["text/javascript", text(".js")],
    "/page.css": ["text/css", text(".css")],
  };
  const server = createServer(({ url = "/" }, response) => {
    const [type, body] = files[url] ?? [];
    response.writeHead(type ? 200 : 404, { "content-type": type ?? "text/plain" }).end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => new Promise((done) => server.close(done)) };
}

function vueOf(modules) {
  const own = join(modules, "pev2", "node_modules", "vue");
  return existsSync(own) ? own : join(modules, "vue");
}

const page = `<!doctype html><html><head><link rel="stylesheet" href="page.css"><link rel="icon" href="data:,"></head>
<body><div id="app"></div><script type="module" src="page.js"></script></body></html>`;

/**
 * From the plan's text to nodes on the screen, in a browser of its own: a page that never answers takes its browser with it.
 * @param {() => Promise<import("playwright-core").Browser>} launch
 * @returns {Promise<number | undefined>} ms; NaN when it refuses the plan, undefined when it took longer than `limit` or the page fell over
 */
export async function timeToNodes(launch, url, source, limit) {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 860 } });
    await page.goto(url);
    await page.waitForFunction(() => globalThis.ready);
    // It refuses JSON that is not laid out in lines, as PostgreSQL lays it out.
    const late = new Promise((done) => setTimeout(done, limit, undefined).unref());
    return await Promise.race([page.evaluate(showAndWait, JSON.stringify(JSON.parse(source), null, 2)).catch(() => undefined), late]);
  } finally {
    await browser.close();
  }
}

/** Runs in the page. */
function showAndWait(source) {
  const { document, requestAnimationFrame, performance, show } = globalThis;
  return new Promise((resolve) => {
    const started = performance.now();
    const look = () => {
      // A refusal is no time: the bench says that it is unknown.
      if (document.body.textContent.includes("Couldn't parse plan")) return resolve(NaN);
      return document.querySelector(".plan-node")
        ? requestAnimationFrame(() => resolve(performance.now() - started))
        : requestAnimationFrame(look);
    };
    show(source);
    requestAnimationFrame(look);
  });
}
