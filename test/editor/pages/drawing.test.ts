import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { themeNames } from "../../../webview/dev/harness.mjs";
import { explained, partitioned } from "./messages.js";
import { startPages, type PageHarness } from "./pageTest.js";
import { inkIn } from "./picture.js";

let pages: PageHarness;
beforeAll(async () => {
  pages = await startPages();
});
afterAll(() => pages?.close());

const themes = await themeNames();

const selected = (page: Page) => page.locator('[role="treeitem"][aria-selected="true"]');
/** The page answers at its next frame. */
const answered = (page: Page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
const searchbox = (page: Page) => page.getByRole("searchbox", { name: "Search the plan's nodes" });

describe("the drawing", () => {
  test.each(themes)("can be read in %s", async (theme) => {
    const { page, complaints } = await pages.open("explain", theme, await explained("pg17_cte2"));
    // The first card stands in the middle above: its type and time are ink on its ground.
    const area = await page.locator(".viewport canvas").boundingBox();
    const ink = await inkIn(page, { x: area!.x + area!.width / 2 - 110, y: area!.y + 24, width: 220, height: 60 });
    expect(ink.contrast).toBeGreaterThan(4.5);
    expect(ink.share).toBeGreaterThan(0.01);
    expect(ink.share).toBeLessThan(0.5);
    expect(complaints).toEqual([]);
    await page.close();
  });
  test("a card is selected by a click and opened by two", async () => {
    const { page } = await pages.open("explain", "dark-modern", await explained("pg17_cte2"));
    const area = await page.locator(".viewport canvas").boundingBox();
    await page.getByRole("button", { name: "Show the whole plan" }).click();
    await page.waitForTimeout(300);
    await page.mouse.click(area!.x + area!.width / 2, area!.y + 60);
    await expect.poll(() => selected(page).getAttribute("data-node")).toBe("0");
    await page.mouse.dblclick(area!.x + area!.width / 2, area!.y + 60);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Node");
    await page.close();
  });
});

describe("a plan over ten thousand partitions", () => {
  test("is a few cards and rows, whose groups open", async () => {
    const { page, violations } = await pages.open("explain", "dark-modern", partitioned(10_000));
    const tree = page.getByRole("tree", { name: "Plan" });
    const group = tree.getByRole("treeitem", { name: /partitions/ });
    const before = await tree.getByRole("treeitem").count();
    expect(before).toBeLessThan(12);
    await group.first().click();
    await answered(page);
    await page.keyboard.press("ArrowRight");
    await answered(page);
    await page.keyboard.press("End");
    await answered(page);
    await expect.poll(() => tree.getByRole("treeitem").count()).toBeLessThan(80);
    const last = selected(page);
    expect(Number(await last.getAttribute("aria-setsize"))).toBeGreaterThan(0);
    expect(await last.evaluate((row) => row === document.activeElement)).toBe(true);
    expect(await violations()).toEqual([]);
    await page.keyboard.press("Home");
    await expect.poll(() => selected(page).getAttribute("data-node")).toBe("0");
    await page.close();
  });
});

describe("search", () => {
  test("by key: to the field, from match to match, away", async () => {
    const { page } = await pages.open("explain", "light-modern", await explained("pg17_cte2"));
    await selected(page).focus();
    await page.keyboard.press("/");
    await expect.poll(() => searchbox(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.type("scan");
    await answered(page);
    const count = Number((await page.locator(".search").getByRole("status").textContent())?.match(/\d+/g)?.at(-1));
    expect(count).toBeGreaterThan(1);
    const visited = new Set<string | null>();
    for (let i = 0; i < count; i++) {
      await page.keyboard.press(i % 2 ? "F3" : "Enter");
      await answered(page);
      visited.add(await selected(page).getAttribute("data-node"));
    }
    expect(visited.size).toBe(count);
    await page.keyboard.press("Shift+Enter");
    await answered(page);
    expect(await page.locator(".row mark").count()).toBeGreaterThan(0);
    await page.keyboard.press("Escape");
    await expect.poll(() => searchbox(page).inputValue()).toBe("");
    await expect.poll(() => page.locator("mark").count()).toBe(0);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Control+f");
    await expect.poll(() => searchbox(page).evaluate((field) => field === document.activeElement)).toBe(true);
    await page.close();
  });
});
