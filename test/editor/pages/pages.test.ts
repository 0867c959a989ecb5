import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { report } from "../../../webview/dev/report.mjs";
import { themeNames } from "../../../webview/dev/harness.mjs";
import { explained, planned, poisoned } from "./messages.js";
import { startPages, type OpenPage, type PageHarness } from "./pageTest.js";

let pages: PageHarness;
beforeAll(async () => {
  pages = await startPages();
});
afterAll(() => pages?.close());

const themes = await themeNames();

async function checkAccessible({ page, complaints, violations }: OpenPage): Promise<void> {
  expect(await violations()).toEqual([]);
  expect(complaints).toEqual([]);
  await page.close();
}

describe("without violations of accessibility or policy", () => {
  test.each(themes)("plan, advice and node in %s", async (theme) => {
    const opened = await pages.open("explain", theme, await explained("pg17_cte2"));
    expect(await opened.violations()).toEqual([]);
    await opened.page.getByRole("tab", { name: "Node" }).click();
    await checkAccessible(opened);
  });
  test.each(themes)("SQL and text in Monaco, %s", async (theme) => {
    const opened = await pages.open("explain", theme, await explained("pg17_seqfilter"));
    await opened.page.getByRole("tab", { name: "SQL" }).click();
    await opened.page.locator(".monaco .view-line", { hasText: "SELECT" }).waitFor();
    expect(await opened.violations()).toEqual([]);
    await opened.page.getByRole("tab", { name: "Text" }).click();
    await opened.page.locator(".monaco .view-line", { hasText: "Node Type" }).first().waitFor();
    await checkAccessible(opened);
  });
  test.each(themes)("report in %s", async (theme) => {
    await checkAccessible(await pages.open("report", theme, { type: "report", report }));
  });
  test("plans that were not run, narrow", async () => {
    await checkAccessible(await pages.open("explain", "light-modern", await planned("pg17_nestloop"), { width: 420, height: 700 }));
  });
  test("empty, running and failed", async () => {
    const opened = await pages.open("explain", "dark-modern");
    expect(await opened.violations()).toEqual([]);
    await opened.send({ type: "running", title: "Planning", cancellable: true });
    expect(await opened.violations()).toEqual([]);
    const position = { line: 3, column: 7 };
    await opened.send({
      type: "failed",
      failure: { kind: "database", message: 'relation "orderz" does not exist', advice: "Check the name.", position },
    });
    await opened.page.getByText("Line 3, column 7").waitFor();
    await checkAccessible(opened);
  });
});

describe("text stays text", () => {
  const attack = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`;
  test("in every string of a plan", async () => {
    const { page } = await pages.open("explain", "dark-modern", await poisoned("pg17_subplan", attack));
    for (const tab of ["Node", "Advice", "SQL", "Text"]) {
      await page.getByRole("tab", { name: tab }).click();
      await page.waitForTimeout(300);
      expect(await page.locator("#root img, #root script").count()).toBe(0);
      expect(await page.title()).toBe("explain");
    }
    expect(await page.getByText(attack).count()).toBeGreaterThan(0);
    await page.close();
  });
});

describe("the plan page by keyboard", () => {
  test("tree, details and tabs", async () => {
    const { page, send } = await pages.open("explain", "dark-modern");
    await send(await explained("pg17_cte2"));
    const tree = page.getByRole("tree", { name: "Plan" });
    const current = tree.locator('[aria-selected="true"]');
    await current.focus();
    await page.keyboard.press("Home");
    await expect.poll(() => current.getAttribute("aria-level")).toBe("1");
    await expect.poll(() => current.getAttribute("data-node")).toBe("0");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => current.getAttribute("aria-level")).toBe("2");
    await expect.poll(() => current.getAttribute("data-node")).toBe("1");
    await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute("role"))).toBe("treeitem");
    const all = await tree.getByRole("treeitem").count();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => current.getAttribute("aria-expanded")).toBe("false");
    await expect.poll(() => tree.getByRole("treeitem").count()).toBeLessThan(all);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Node");
    await page.keyboard.press("ArrowLeft");
    expect(await page.getByRole("heading", { name: "Index suggestions" }).isVisible()).toBe(true);
    await page.close();
  });
  test("buttons tell the host", async () => {
    const { page, posted, send } = await pages.open("explain", "dark-modern", await planned("pg17_nestloop"));
    for (const name of ["Analyze", "Run again", "Copy plan", "reports.py:42"]) {
      await page.getByRole("button", { name }).focus();
      await page.keyboard.press("Enter");
    }
    await send({ type: "running", title: "Running EXPLAIN ANALYZE", cancellable: true });
    await page.getByRole("button", { name: "Stop" }).press("Enter");
    const sent = (await posted()).map((message) => message.type);
    expect(sent).toEqual(["ready", "analyze", "explainAgain", "copy", "openSource", "cancel"]);
    await page.close();
  });
});

describe("the plan page remembers how it was looked at", () => {
  test("selection, tabs, search, folding and zoom survive being hidden", async () => {
    const message = await explained("pg17_cte2");
    const { page, send } = await pages.open("explain", "dark-modern", message);
    await page.locator('[role="treeitem"][data-node="2"]').click();
    await page.keyboard.press("ArrowLeft");
    await page.getByRole("combobox", { name: "Colour nodes by" }).selectOption("rows");
    await page.getByRole("searchbox").fill("scan");
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForTimeout(200);
    const kept = () => page.evaluate(() => sessionStorage.getItem("state"));
    const state = await kept();
    await page.reload();
    await send(message);
    expect(await kept()).toBe(state);
    expect(await page.locator('[aria-selected="true"][role="treeitem"]').getAttribute("data-node")).toBe("2");
    expect(await page.getByRole("tab", { name: "Node" }).getAttribute("aria-selected")).toBe("true");
    expect(await page.getByRole("combobox", { name: "Colour nodes by" }).inputValue()).toBe("rows");
    expect(await page.getByRole("searchbox").inputValue()).toBe("scan");
    await page.close();
  });
});

test("a recommendation is copied, a finding opened", async () => {
  const { page, posted } = await pages.open("report", "light-2026", { type: "report", report });
  await page.getByRole("button", { name: "Copy CREATE INDEX" }).click();
  await page.getByText("shop/reports.py:42").click();
  expect((await posted()).slice(1)).toEqual([
    { type: "copy", text: report.recommendations[0]?.index?.ddl, what: "CREATE INDEX" },
    { type: "openSource", file: "shop/reports.py", line: 42 },
  ]);
  await page.close();
});
