import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium as playwright, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sharePage } from "../../../server/src/protocol/sharePage.js";
import type { FromPage } from "#protocol/pages";
import { chromium, dist, themeNames } from "../../../webview/dev/harness.mjs";
import { explained, partitioned, planned, poisoned, type ExplainMessage } from "./messages.js";
import { startPages, type OpenPage, type PageHarness } from "./pageTest.js";

let pages: PageHarness;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  pages = await startPages();
  browser = await playwright.launch(chromium);
  folder = await mkdtemp(join(tmpdir(), "plan-page-"));
});
afterAll(async () => {
  await pages?.close();
  await browser?.close();
  if (folder) await rm(folder, { recursive: true, force: true });
});

const themes = await themeNames();
const show = (page: Page, tab: string) => page.getByRole("tab", { name: tab, exact: true }).click();
const grid = (page: Page) => page.getByRole("grid", { name: "Nodes of the plan" });

/** The text of the cell that the grid names as the active one. */
async function cellText(page: Page): Promise<string> {
  const id = await grid(page).getAttribute("aria-activedescendant");
  return (await page.locator(`#${id}`).textContent()) ?? "";
}

describe("views without violations of accessibility or policy", () => {
  test.each(themes)("table, sums, icicle, export and steps in %s", async (theme) => {
    const { page, violations, complaints } = await pages.open("explain", theme, await explained("pg17_parallel"));
    await show(page, "Table");
    await page.getByText("Columns", { exact: true }).click();
    expect(await violations()).toEqual([]);
    await page.getByText("Columns", { exact: true }).click();
    await page.getByRole("combobox", { name: "Rows" }).selectOption("relation");
    expect(await violations()).toEqual([]);
    await show(page, "Icicle");
    expect(await violations()).toEqual([]);
    await page.locator(".export summary").click();
    expect(await violations()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: "Node" }).click();
    await page.locator(".derived").first().click();
    await page.getByText("How this was computed").waitFor();
    expect(await violations()).toEqual([]);
    expect(complaints).toEqual([]);
    await page.close();
  });
  test("a plan that was not run, narrow", async () => {
    const { page, violations } = await pages.open("explain", "light-modern", await planned("pg17_nestloop"), { width: 420, height: 700 });
    for (const tab of ["Table", "Icicle"]) {
      await show(page, tab);
      expect(await violations()).toEqual([]);
    }
    await page.close();
  });
});

describe("the table by keyboard alone", () => {
  test("search, find, walk, sort, open, and back to the tree", async () => {
    const { page } = await pages.open("explain", "dark-modern", await explained("pg17_cte2"));
    await page.getByRole("tab", { name: "Tree" }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", { name: "Table" }).getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("/");
    await page.keyboard.type("cte scan");
    await page.keyboard.press("Enter");
    const selected = grid(page).locator('[role="row"][aria-selected="true"]');
    expect(await selected.textContent()).toContain("CTE Scan");
    await page.getByRole("grid").focus();
    await page.keyboard.press("ArrowUp");
    expect(await selected.textContent()).not.toContain("CTE Scan");
    // Up to the header, one to the right: self time; Enter sorts by it.
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press("ArrowRight");
    expect(await cellText(page)).toBe("Self time");
    await page.keyboard.press("Enter");
    expect(await page.getByRole("columnheader", { name: "Self time" }).getAttribute("aria-sort")).toBe("descending");
    await page.keyboard.press("ArrowDown");
    expect(await cellText(page)).toContain("41 %");
    await page.keyboard.press("Enter");
    await page.getByText("How this was computed").waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Node");
    await show(page, "Tree");
    expect(await page.locator('[role="treeitem"][aria-selected="true"]').textContent()).toContain("Gather Merge");
    await page.close();
  });
});

describe("ten thousand nodes", () => {
  test("the table has the rows in sight, the last one is one key away, and the icicle goes from one to the next", async () => {
    const { page, complaints } = await pages.open("explain", "dark-modern", partitioned(10_000));
    await show(page, "Table");
    const rows = grid(page).locator("[data-node]");
    expect(await rows.count()).toBeLessThan(100);
    expect(Number(await grid(page).getAttribute("aria-rowcount"))).toBeGreaterThan(10_000);
    await grid(page).focus();
    await page.keyboard.press("Control+End");
    await page.waitForTimeout(200);
    expect(await rows.count()).toBeLessThan(100);
    const last = grid(page).locator('[role="row"][aria-selected="true"]');
    expect(Number(await last.getAttribute("aria-rowindex"))).toBeGreaterThan(10_000);
    expect(await last.isVisible()).toBe(true);
    await show(page, "Icicle");
    const icicle = page.getByRole("application");
    await icicle.focus();
    await page.keyboard.press("Home");
    const told = page.locator("#flame-current");
    const first = await told.textContent();
    await page.keyboard.press("ArrowDown");
    expect(await told.textContent()).not.toBe(first);
    await page.keyboard.press("Space");
    await page.getByRole("navigation", { name: "Zoomed into" }).waitFor();
    await page.keyboard.press("Escape");
    expect(await page.getByRole("navigation", { name: "Zoomed into" }).count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

test("selection is one over all views", async () => {
  const { page } = await pages.open("explain", "dark-modern", await explained("pg17_cte2"));
  await show(page, "Table");
  await grid(page).locator('[data-node="3"] [role="rowheader"]').click();
  await show(page, "Text");
  await page.locator(".monaco .view-line", { hasText: "Node Type" }).first().waitFor();
  await show(page, "Tree");
  expect(await page.locator('[role="treeitem"][aria-selected="true"]').getAttribute("data-node")).toBe("3");
  await page.close();
});

const attack = `</script><script>window.ran = 1</script><img src=x onerror="window.ran = 1">]]>\u2028"'\`\`\` ](javascript:window.ran=1)`;

async function sent(page: OpenPage, type: FromPage["type"]): Promise<FromPage> {
  const found = (await page.posted()).filter((message) => message.type === type).at(-1);
  if (!found) throw new Error(`The page has not posted "${type}".`);
  return found;
}

/** Opens what the host would write, without a host. */
async function openShared(content: ExplainMessage): Promise<{ page: Page; complaints: string[]; asked: string[] }> {
  const file = join(folder, "shared.html");
  await writeFile(file, sharePage(await readFile(join(dist, "share.html"), "utf8"), content));
  const page = await browser.newPage({ viewport: { width: 1200, height: 860 } });
  const complaints: string[] = [];
  const asked: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && complaints.push(line.text()));
  page.on("request", (request) => !request.url().startsWith("data:") && asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.getByRole("tab", { name: "Tree" }).waitFor();
  return { page, complaints, asked };
}

const ran = (page: Page) => page.evaluate(() => (window as unknown as { ran?: number }).ran);

describe("exports", () => {
  test("a file to share works alone: no request, no error, every view", async () => {
    const opened = await pages.open("explain", "dark-modern", await explained("pg17_cte2"));
    await opened.page.locator(".export summary").click();
    await opened.page.getByLabel("Mask names").check();
    await opened.page.getByLabel("Mask literals").check();
    await opened.page.getByRole("button", { name: "HTML, one file to share" }).click();
    const message = await sent(opened, "share");
    if (message.type !== "share") throw new Error("unreachable");
    expect(message.suggestedName).toBe("plan-masked.html");
    const { page, complaints, asked } = await openShared(message.content);
    for (const tab of ["Table", "Icicle", "Text", "SQL", "Tree", "Node"]) await show(page, tab);
    expect(asked).toHaveLength(1);
    expect(complaints).toEqual([]);
    const text = await page.evaluate(() => document.documentElement.innerHTML);
    expect(text).not.toContain("shipped");
    expect(text).not.toContain("big_g_idx");
    expect(await page.getByRole("button", { name: "Run again" }).count()).toBe(0);
    await opened.page.close();
    await page.close();
  });
  test("what is in a plan's strings does not run in a shared file", async () => {
    const { page } = await openShared(await poisoned("pg17_subplan", attack));
    for (const tab of ["Table", "Icicle", "Text", "SQL", "Node"]) await show(page, tab);
    await page.getByRole("tab", { name: /^Advice/ }).click();
    expect(await ran(page)).toBeUndefined();
    expect(await page.locator("#root img, #root script").count()).toBe(0);
    await page.close();
  });
  test("nor in a drawing opened as a document, nor in the page", async () => {
    const opened = await pages.open("explain", "dark-modern", await poisoned("pg17_subplan", attack));
    for (const tab of ["Table", "Icicle", "Text", "SQL", "Node"]) await show(opened.page, tab);
    await opened.page.locator(".export summary").click();
    await opened.page.getByRole("button", { name: "SVG drawing" }).click();
    const message = await sent(opened, "save");
    if (message.type !== "save") throw new Error("unreachable");
    const file = join(folder, "plan.svg");
    await writeFile(file, message.text);
    const page = await browser.newPage();
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator("svg text").count()).toBeGreaterThan(0);
    expect(await page.locator("parsererror").count()).toBe(0);
    expect(await ran(page)).toBeUndefined();
    expect(await ran(opened.page)).toBeUndefined();
    await page.close();
    await opened.page.close();
  });
  test("a picture is a PNG of the drawing", async () => {
    const opened = await pages.open("explain", "dark-modern", await explained("pg17_cte2"));
    await opened.page.locator(".export summary").click();
    await opened.page.getByRole("button", { name: "PNG picture" }).click();
    await opened.page.waitForTimeout(500);
    const message = await sent(opened, "save");
    if (message.type !== "save") throw new Error("unreachable");
    expect(message.encoding).toBe("base64");
    const bytes = Buffer.from(message.text, "base64");
    expect(bytes.subarray(1, 4).toString("latin1")).toBe("PNG");
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(500);
    await opened.page.close();
  });
});
