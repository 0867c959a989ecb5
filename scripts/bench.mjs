// Prints what docs/measurements.md records. `npm run bench [-- --project FOLDER] [--runs N] [--no-pyright] [--page]`, the last for the plan page alone; without a project one of 700,000
// lines is generated. Pyright, the peer, is installed into .cache/ when it is not there; where it cannot be, its rows say so.
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { spawnSync } from "node:child_process";
import { keystrokes, withFolder } from "../test/bench/keystrokes.mjs";
import { hovers } from "../test/bench/hovers.mjs";
import { longFile, writeProject } from "../test/bench/project.mjs";
import { checkWithPyright, pyrightPath } from "../test/bench/pyright.mjs";
import { planPage, planPages } from "../test/bench/planPage.mjs";
import { joinedPlan, partitionedPlan } from "../webview/dev/bigPlan.mjs";
import { measure, percentile } from "../test/bench/process.mjs";

const { values: options } = parseArgs({
  options: {
    project: { type: "string" },
    runs: { type: "string", default: "3" },
    pyright: { type: "boolean", default: true },
    page: { type: "boolean", default: false },
  },
  allowNegative: true,
});
const root = resolve(import.meta.dirname, "..");
const cli = join(root, "dist", "cli.js");
const runs = Number(options.runs);
const median = (values) => percentile(values, 0.5);

// Always: an older build would be measured without a word.
const { status } = spawnSync(process.execPath, [join(root, "scripts", "build.mjs")], { stdio: "inherit" });
if (status !== 0) process.exit(1);

const row = (name, value, note = "") => console.log(`${name.padEnd(46)} ${String(value).padStart(12)}  ${note}`);

// The peer parses the same files with Python's own parser and does nothing else: the floor of any checker written in Python.
const parseOnly = `
import ast, pathlib, sys
n = 0
for path in pathlib.Path(sys.argv[1]).rglob("*.py"):
    text = path.read_text(encoding="utf-8", errors="replace"); n += text.count("\\n")
    try: ast.parse(text)
    except (SyntaxError, ValueError): pass
print(n)`;

async function benchCheck(folder) {
  const cold = [];
  const warm = [];
  const peer = [];
  let lines = 0;
  let last;
  await withFolder(async (cache) => {
    for (let i = 0; i < runs; i++) {
      const env = { ...process.env, XDG_CACHE_HOME: join(cache, String(i)) };
      cold.push(await measure(process.execPath, [cli, "check", folder, "--format", "json"], { env }));
      last = await measure(process.execPath, [cli, "check", folder, "--format", "json"], { env });
      warm.push(last);
      const parsed = await measure("python3", ["-c", parseOnly, folder]);
      peer.push(parsed);
      lines = Number(parsed.stdout);
    }
  });
  const seconds = (list) => median(list.map((run) => run.seconds));
  const { findings, files } = JSON.parse(last.stdout);
  row("check: project", `${lines} lines`, `${files} files checked, ${findings.length} findings`);
  const cpu = (list) => median(list.map((run) => run.cpuSeconds));
  const peak = (list) => Math.max(...list.map((run) => run.megabytes)).toFixed(0);
  const told = (name, list, note = "") =>
    row(name, `${seconds(list).toFixed(2)} s`, `${cpu(list).toFixed(1)} s of CPU, peak ${peak(list)} MB${note}`);
  told("check cold", cold);
  told("check warm (second start)", warm);
  told("Python's ast.parse of the same files", peer, "; same run");
  row("ratio cold / ast.parse", (seconds(cold) / seconds(peer)).toFixed(2), `${runs} runs each, medians`);
  const pyright = options.pyright ? pyrightPath(join(root, ".cache", "bench")) : undefined;
  if (!pyright) return row("pyright of the same files", "unknown", options.pyright ? "it could not be installed" : "left out");
  const checked = await checkWithPyright(pyright, folder);
  told(`pyright ${checked.version} of the same files`, [checked], `; ${checked.files} files, one run`);
  row("ratio pyright / check cold", (checked.seconds / seconds(cold)).toFixed(1), `CPU ${(checked.cpuSeconds / cpu(cold)).toFixed(1)}`);
  row("ratio pyright / check warm", (checked.seconds / seconds(warm)).toFixed(1), `CPU ${(checked.cpuSeconds / cpu(warm)).toFixed(1)}`);
}

/** A line changes in one file of a large project; the diagnostics of an open file are asked for. */
async function benchEdit(folder, name, edited) {
  const file = join(folder, edited);
  const text = readFileSync(file, "utf8");
  const asked = join(folder, "shop", "area0", "service0.py");
  const result = await keystrokes({ server: join(root, "dist", "server.js"), folder, file, text, edits: 20, asked });
  row(
    `${name} → diagnostics`,
    `${result.p95.toFixed(0)} ms`,
    `p95 of 20, of ${file === asked ? "the same" : "another open"} file; p50 ${result.p50.toFixed(0)}, max ${result.max.toFixed(0)} ms; ${result.findings} findings shown`,
  );
}

async function benchKeystrokes() {
  await withFolder(async (folder) => {
    writeProject(folder, 3000);
    const file = join(folder, "shop", "area0", "long.py");
    const text = longFile(2000);
    writeFileSync(file, text);
    const result = await keystrokes({ server: join(root, "dist", "server.js"), folder, file, text, edits: 200 });
    row(
      "keystroke → diagnostics, 2,000-line file",
      `${result.p95.toFixed(0)} ms`,
      `p95; p50 ${result.p50.toFixed(0)}, max ${result.max.toFixed(0)} ms; ${result.findings} findings shown`,
    );
  });
}

/** Resting the mouse on each ORM query of up to 40 files. */
async function benchHovers(folder) {
  const result = await hovers({ server: join(root, "dist", "server.js"), folder, files: 40 });
  const told = (name, times, note) =>
    row(
      name,
      `${percentile(times, 0.95).toFixed(1)} ms`,
      `p95; p50 ${median(times).toFixed(1)}, max ${Math.max(...times).toFixed(1)} ms${note}`,
    );
  told("hover → SQL", result.first, `; ${result.places} places, ${result.withSql} with SQL`);
  told("hover → SQL right after a keystroke", result.typing, ", while diagnostics are computed");
}

async function benchPlanPage() {
  const { opened, drawn, worst } = await planPage(5);
  row("plan page: plan arrived → cards drawn", `${drawn.toFixed(0)} ms`, "median of 5, page loaded");
  row("plan page: opened → cards drawn", `${opened.toFixed(0)} ms`, `median of 5, worst ${worst.toFixed(0)} ms`);
  const plans = [100, 1000, 10_000].flatMap((size) => [
    { name: `${size} nodes, partitions`, source: partitionedPlan(size) },
    { name: `${size} nodes, joins`, source: joinedPlan(size) },
  ]);
  const limit = 60_000;
  await planPages(plans, { runs: Math.max(3, runs), limit, folder: join(root, ".cache", "bench") }, (one) => {
    const peer = one.peer
      ? one.peer.ms === undefined
        ? `did not finish in ${limit / 1000} s`
        : `${one.peer.ms.toFixed(0)} ms`
      : "unknown";
    row(
      `plan page: ${one.name} → drawn`,
      `${one.drawn.toFixed(0)} ms`,
      `median, worst ${one.worst.toFixed(0)} ms, ${one.cpu.toFixed(0)} ms of CPU; pev2 ${peer}`,
    );
    const moved = (key) => `${one[key].perSecond.toFixed(0)} (${one[key].slow.toFixed(0)} ms, ${one[key].paints} paints)`;
    row("  frames per second: pan", moved("pan"), `zoom ${moved("zoom")}, whole plan ${moved("far")}; slowest twentieth in brackets`);
    row("  memory", `${one.heap.toFixed(0)} MB`, `JavaScript heap; ${one.process.toFixed(0)} MB private to the page's process`);
  });
}

/** Measured inside a real VS Code by the editor layer, which keeps its figure. */
function benchActivation() {
  const file = join(root, "out", "test-results", "activation.json");
  if (existsSync(file))
    row("extension activation", `${JSON.parse(readFileSync(file, "utf8")).activationMs} ms`, "last run of npm run test:editor");
  else row("extension activation", "unknown", "npm run test:editor measures it");
}

function benchPackage() {
  const vsix = readdirSync(root).find((name) => name.endsWith(".vsix"));
  row("VSIX", vsix ? `${(statSync(join(root, vsix)).size / 1e6).toFixed(1)} MB` : "none", vsix ?? "npm run package writes it");
}

if (options.page) {
  await benchPlanPage();
  process.exit(0);
}
if (options.project) {
  await benchCheck(resolve(options.project));
  await benchHovers(resolve(options.project));
} else
  await withFolder(async (folder) => {
    writeProject(folder, 700_000);
    await benchCheck(folder);
    // Nearly all files import the first; the others hold functions that have findings, or that those call.
    await benchEdit(folder, "edit of a much-used file", "shop/common/text.py");
    await benchEdit(folder, "edit of a repository", "shop/area0/repository.py");
    await benchEdit(folder, "edit of a file with findings", "shop/area0/service0.py");
    await benchHovers(folder);
  });
await benchKeystrokes();
await benchPlanPage();
benchActivation();
benchPackage();
