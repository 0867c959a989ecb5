// From the arrival of a plan to its drawing on the screen, frames while it is moved, and memory: in a browser, with the page as it ships.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium as playwright } from "playwright-core";
import { chromium, servePages } from "../../webview/dev/harness.mjs";
import { explainMessage, explainSource } from "../../webview/dev/samples.mjs";
import { percentile } from "./process.mjs";
import { servePev2, timeToNodes } from "./pev2.mjs";

const plan = join(import.meta.dirname, "../fixtures/plans/pg18_parallel.json");
const size = { width: 1200, height: 860 };

/**
 * @param {number} runs
 * @returns {Promise<{ opened: number, drawn: number, worst: number }>} ms from opening a new page, and from the message alone, to the picture
 */
export async function planPage(runs) {
  const message = await explainMessage(plan);
  return withBrowser(async (browser, pages) => {
    const times = [];
    for (let i = 0; i < runs; i++) {
      const started = performance.now();
      const page = await openPage(browser, pages);
      await hand(page, message);
      const drawn = await drawnAfter(page);
      times.push({ drawn, opened: performance.now() - started });
      await page.close();
    }
    const of = (key) => times.map((time) => time[key]);
    return { opened: percentile(of("opened"), 0.5), drawn: percentile(of("drawn"), 0.5), worst: Math.max(...of("opened")) };
  });
}

/**
 * One plan after another, each in pages of its own and then in pev2's.
 * @param {{ name: string, source: string }[]} plans
 * @param {{ runs: number, limit: number, folder: string }} options `limit` in ms for pev2, installed below `folder`
 * @param {(result: object) => void} tell as soon as a plan is done
 */
export async function planPages(plans, { runs, limit, folder }, tell) {
  const pev2 = await servePev2(folder);
  await withBrowser(async (browser, pages) => {
    for (const { name, source } of plans) {
      const message = await explainSource(source);
      const drawn = [];
      const worked = [];
      for (let i = 0; i < runs; i++) {
        const page = await openPage(browser, pages);
        await hand(page, message);
        await page.waitForTimeout(500);
        const before = await cpuSeconds(browser);
        drawn.push(await drawnAfter(page));
        worked.push(1000 * ((await cpuSeconds(browser)) - before));
        await page.close();
      }
      const page = await openPage(browser, pages);
      await hand(page, message);
      await drawnAfter(page);
      const moved = await frames(page);
      const megabytes = await memory(browser, page);
      await page.close();
      const peer = pev2 && { ms: await timeToNodes(launch, pev2.url, source, limit) };
      const refused = Number.isNaN(peer?.ms);
      const nodes = message.result.plan.nodes.length;
      tell({
        name,
        nodes,
        drawn: percentile(drawn, 0.5),
        worst: Math.max(...drawn),
        cpu: percentile(worked, 0.5),
        ...moved,
        ...megabytes,
        peer: refused ? undefined : peer,
      });
    }
  });
  await pev2?.close();
}

const launch = () => playwright.launch(chromium);

async function withBrowser(use) {
  const pages = await servePages();
  const browser = await launch();
  try {
    return await use(browser, pages);
  } finally {
    await browser.close();
    await pages.close();
  }
}

async function openPage(browser, pages) {
  const page = await browser.newPage({ viewport: size });
  await page.goto(pages.url("explain", "dark-2026"));
  await page.waitForFunction(() => globalThis.posted.some((sent) => sent.type === "ready"));
  return page;
}

/** Lays the message ready in the page: bringing it there through the debugger is no part of what is measured. */
async function hand(page, message) {
  // As text: an object of ten thousand nodes takes the debugger a minute.
  await page.evaluate((text) => void (globalThis.planMessage = JSON.parse(text)), JSON.stringify(message));
}

/** @returns ms from the arrival of the message that was handed to the page to the frame after its first picture */
async function drawnAfter(page) {
  const ms = await page.evaluate(timeToPicture);
  await page.evaluate(() => void delete globalThis.planMessage);
  return ms;
}

/** Runs in the page, which marks each of its paints; the frame after the first one is on the screen. */
function timeToPicture() {
  const { requestAnimationFrame, performance, PerformanceObserver, postMessage, planMessage } = globalThis;
  return new Promise((resolve) => {
    const started = performance.now();
    new PerformanceObserver((_, observer) => {
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - started));
    }).observe({ entryTypes: ["mark"] });
    postMessage(planMessage, "*");
  });
}

/** Frames per second while the mouse drags, the wheel zooms, and the whole plan is pushed about. */
async function frames(page) {
  const area = await page.locator(".viewport").boundingBox();
  const middle = { x: area.x + area.width / 2, y: area.y + area.height / 2 };
  await page.mouse.move(middle.x, middle.y);
  const pan = await framesWhile(page, async () => {
    await page.mouse.down();
    for (let i = 0; i < 90; i++) await page.mouse.move(middle.x + 150 * Math.sin(i / 12), middle.y + 40 * Math.cos(i / 9));
    await page.mouse.up();
  });
  const zoom = await framesWhile(page, async () => {
    await page.keyboard.down("Control");
    for (let i = 0; i < 90; i++) await page.mouse.wheel(0, i % 60 < 30 ? 90 : -90);
    await page.keyboard.up("Control");
  });
  await page.getByRole("button", { name: "Show the whole plan" }).click();
  await page.waitForTimeout(500);
  await page.mouse.move(middle.x, middle.y);
  const far = await framesWhile(page, async () => {
    for (let i = 0; i < 90; i++) await page.mouse.wheel(i % 2 ? 9 : -7, 3);
  });
  return { pan, zoom, far };
}

/** @returns frames per second, the slowest twentieth in ms, and how many pictures were painted */
async function framesWhile(page, act) {
  await page.evaluate(watchFrames);
  await act();
  const { times, paints } = await page.evaluate(() => globalThis.stopWatching());
  const gaps = times.slice(1).map((time, i) => time - times[i]);
  return { perSecond: (1000 * gaps.length) / (times.at(-1) - times[0]), slow: percentile(gaps, 0.95), paints };
}

/** Runs in the page. */
function watchFrames() {
  const { requestAnimationFrame, PerformanceObserver } = globalThis;
  const times = [];
  let paints = 0;
  let going = true;
  const observer = new PerformanceObserver((list) => (paints += list.getEntries().length));
  observer.observe({ entryTypes: ["mark"] });
  const frame = (time) => {
    times.push(time);
    if (going) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  globalThis.stopWatching = () => {
    going = false;
    observer.disconnect();
    return { times, paints };
  };
}

/** Of all pages' processes: on a busy machine it says more than the clock. */
async function cpuSeconds(browser) {
  return (await renderers(browser)).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
}

async function renderers(browser) {
  const system = await browser.newBrowserCDPSession();
  const { processInfo } = await system.send("SystemInfo.getProcessInfo");
  await system.detach();
  return processInfo.filter(({ type }) => type === "renderer");
}

/** Of the page's process, after a collection of garbage: its JavaScript heap, and where the system tells, all that is its own. */
async function memory(browser, page) {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  const own = await Promise.all((await renderers(browser)).map(({ id }) => ownMegabytes(id)));
  return { heap: usedSize / 1e6, process: Math.max(...own) };
}

/** Private memory of a process in MB; NaN where there is no /proc. */
async function ownMegabytes(pid) {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  const kilobytes = text.split("\n").flatMap((line) => (line.startsWith("Private_") ? [Number(line.split(/\s+/)[1])] : []));
  return kilobytes.length === 0 ? NaN : kilobytes.reduce((sum, kb) => sum + kb, 0) / 1000;
}
