import { join } from "node:path";
import { Client } from "pg";
import { describe, expect, test } from "vitest";
import { root } from "./harness/editions.mjs";
import type { EditorPage } from "./harness/page.js";
import { oneWindow } from "./harness/window.js";

let editor: EditorPage;

oneWindow(join(root, "media/sample"), (window) => ({ editor } = window));

/** Lines of the sample's shop/api/orders.py. */
const access = "order.customer.full_name";
const fix = "joinedload(Order.customer)";

describe("an N+1 in the editor", () => {
  test("is underlined where it is read", async () => {
    await editor.openFile("shop/api/orders.py");
    await editor.goTo(21, 30);
    await expect.poll(() => editor.marked(access), { timeout: 60_000 }).toBe(true);
  });
  test("is mended by the first quick fix, and the mark is gone", async () => {
    await editor.applyQuickFix(fix, (text) => text.includes(fix));
    const text = await editor.visibleText();
    expect(text).toMatch(/^from sqlalchemy\.orm import .*\bjoinedload\b/m);
    await expect.poll(() => editor.marked(access), { timeout: 30_000 }).toBe(false);
  });
});

describe("an N+1 in a template", () => {
  const template = "shop/templates/shipping_digest.html";
  const read = "order.shipping_address.city";
  const load = "joinedload(Order.shipping_address)";

  test("is underlined where the template reads", async () => {
    await editor.openFile(template);
    await editor.goTo(7, 20);
    await expect.poll(() => editor.marked(read), { timeout: 60_000 }).toBe(true);
  });
  test("is gone while an edit that is not saved takes it away", async () => {
    await editor.goTo(7, 1);
    await editor.page.keyboard.type("{#");
    await editor.goTo(7, 200);
    await editor.page.keyboard.type("#}");
    await expect.poll(() => editor.marked(read), { timeout: 30_000 }).toBe(false);
    // What was typed is one or two steps.
    for (let steps = 0; steps < 8 && (await editor.visibleText()).includes("{#"); steps++) await editor.page.keyboard.press("Control+Z");
    await expect.poll(() => editor.marked(read), { timeout: 30_000 }).toBe(true);
  });
  test("is mended from there, in the Python file that has the query", async () => {
    await editor.goTo(7, 20);
    const title = `with the query: ${load} (all callers of \`shipped_today\` then load it), in mailing.py`;
    await editor.applyQuickFix(title, async () => !(await editor.marked(read)));
    await editor.openFile("shop/services/mailing.py");
    const text = await editor.visibleText();
    expect(text).toContain(load);
    expect(text).toMatch(/^from sqlalchemy\.orm import .*\bjoinedload\b/m);
  });
});

describe("the sample database", () => {
  test("starts by command and becomes a connection", async () => {
    await editor.runCommand("DB Optimize: Start the sample database");
    await editor.notification("The sample database is running").waitFor({ timeout: 240_000 });
    await editor.openSidebar();
    await editor
      .pane("Connections")
      .getByRole("treeitem", { name: /Sample database/ })
      .waitFor();
  });
});

describe("Explain", () => {
  test("asks for the values of placeholders and draws the plan", async () => {
    await editor.openFile("reports/sql/bestsellers.sql");
    await editor.codeLens("Explain").first().click();
    for (const value of ["2020-01-01", "20"]) await editor.answer(value);
    const page = editor.webView;
    await page.getByRole("tree", { name: "Plan" }).waitFor({ timeout: 60_000 });
    const root = page.getByRole("treeitem").first();
    await expect.poll(() => root.textContent()).toMatch(/Limit/);
    expect(await page.locator(".drawing canvas").first().isVisible()).toBe(true);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("SELECT p.name");
  });
  test("runs it when asked to analyze", async () => {
    const page = editor.webView;
    await page.getByRole("button", { name: "Analyze" }).click();
    await page.locator(".figure", { hasText: "Execution" }).waitFor({ timeout: 60_000 });
    const scan = page.getByRole("treeitem", { name: /Seq Scan on order_items/ });
    await scan.click();
    await expect.poll(() => page.locator(".details h2").textContent()).toContain("order_items");
    expect(await scan.getAttribute("aria-selected")).toBe("true");
  });
  test("shows the SQL in Monaco", async () => {
    const page = editor.webView;
    await page.getByRole("tab", { name: "SQL" }).click();
    await page.locator(".monaco .view-line", { hasText: "SELECT" }).first().waitFor({ timeout: 30_000 });
    expect(await page.locator(".monaco .view-line .mtk1, .monaco .view-line [class^=mtk]").count()).toBeGreaterThan(3);
    await page.getByRole("tab", { name: "Tree", exact: true }).click();
  });
});

describe("the sidebar", () => {
  test("lists the slow query that an application has just run", async () => {
    await editor.openSidebar();
    const connection = editor.pane("Connections").getByRole("treeitem", { name: /Sample database/ });
    const target = await connection.textContent();
    const port = Number(/127\.0\.0\.1:(\d+)/.exec(target ?? "")?.[1]);
    await runAsApplication(port, "SELECT count(*) AS just_run FROM generate_series(1, 500000)");
    await editor.runCommand("DB Optimize: Filter slow queries");
    await editor.type("just_run");
    const queries = editor.pane("Slow queries").getByRole("treeitem");
    await expect.poll(() => queries.allTextContents(), { timeout: 30_000 }).toEqual([expect.stringContaining("just_run")]);
    await editor.runCommand("DB Optimize: Clear filter of slow queries");
    await expect.poll(() => queries.count()).toBeGreaterThan(5);
  });
  test("groups the findings of the workspace by rule and opens one", async () => {
    const findings = editor.pane("Findings");
    await findings.getByRole("treeitem", { name: /lazy-load-per-row/ }).waitFor();
    await findings.getByRole("treeitem", { name: /catalog\.py:15/ }).click();
    await editor.page.locator(".tab.active", { hasText: "catalog.py" }).waitFor();
    await expect.poll(() => editor.marked("product.category.name"), { timeout: 30_000 }).toBe(true);
  });
});

describe("themes", () => {
  test.each([
    ["Light Modern", "rgb(255, 255, 255)"],
    ["Dark Modern", "rgb(31, 31, 31)"],
  ])("the plan page follows %s", async (theme, background) => {
    await editor.showTab("Plan: SELECT");
    await editor.chooseTheme(theme);
    const body = editor.webView.locator("body");
    await expect.poll(() => body.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(background);
  });
});

async function runAsApplication(port: number, sql: string): Promise<void> {
  const client = new Client({ host: "127.0.0.1", port, user: "postgres", database: "postgres", connectionTimeoutMillis: 30_000 });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
