// From the arrival of a plan to its drawing on the screen, in a browser, with the page as it ships.
import { join } from "node:path";
import { chromium as playwright } from "playwright-core";
import { chromium, servePages } from "../../webview/dev/harness.mjs";
import { explainMessage } from "../../webview/dev/samples.mjs";
import { percentile } from "./process.mjs";

const plan = join(import.meta.dirname, "../fixtures/plans/pg18_parallel.json");

/**
 * @param {number} runs
 * @returns {Promise<{ first: number, median: number }>} ms from opening a new page, and from the message alone, to two painted frames with cards
 */
export async function planPage(runs) {
  const message = await explainMessage(plan);
  const server = await servePages();
  const browser = await playwright.launch(chromium);
  try {
    const opened = [];
    const drawn = [];
    for (let i = 0; i < runs; i++) {
      const page = await browser.newPage({ viewport: { width: 1200, height: 860 } });
      const started = performance.now();
      await page.goto(server.url("explain", "dark-2026"));
      await page.waitForFunction(() => globalThis.posted.some((sent) => sent.type === "ready"));
      drawn.push(await page.evaluate(timeToCards, message));
      opened.push(performance.now() - started);
      await page.close();
    }
    return { opened: percentile(opened, 0.5), drawn: percentile(drawn, 0.5), worst: Math.max(...opened) };
  } finally {
    await browser.close();
    await server.close();
  }
}

/** Runs in the page. */
function timeToCards(message) {
  const { document, requestAnimationFrame, performance, postMessage } = globalThis;
  return new Promise((resolve) => {
    const started = performance.now();
    const look = () =>
      document.querySelector(".card") ? requestAnimationFrame(() => resolve(performance.now() - started)) : requestAnimationFrame(look);
    postMessage(message, "*");
    requestAnimationFrame(look);
  });
}
