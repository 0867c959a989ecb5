import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "./harness/editions.mjs";
import type { EditorPage } from "./harness/page.js";
import { oneWindow } from "./harness/window.js";

let editor: EditorPage;
const pictures = join(root, "out/editor-pictures");

oneWindow(join(root, "media/sample"), (window) => ({ editor } = window));
beforeAll(() => mkdir(pictures, { recursive: true }));

const picture = (name: string) => editor.page.screenshot({ path: join(pictures, `${name}.png`) });
const hover = () => editor.page.locator(".monaco-hover:visible").first();

/** In the sample's shop/repositories/products.py: a join, a parameter for the category's slug, and one for the limit. */
const file = "shop/repositories/products.py";
const query = { line: 20, column: 20 };

describe("an ORM query with a join and parameters", () => {
  test("has lenses", async () => {
    await editor.openFile(file);
    await editor.goTo(query.line, query.column);
    await editor.codeLens("Copy SQL").first().waitFor({ timeout: 60_000 });
    const lenses = await editor.activeEditor.locator(".codelens-decoration").first().textContent();
    expect(lenses?.replaceAll(/\s+/g, " ")).toMatch(/Explain.*Analyze.*Copy SQL/);
  });
  test("shows the SQL that it sends in a hover", async () => {
    await editor.runCommand("Show or Focus Hover");
    await expect
      .poll(() => hover().textContent(), { timeout: 30_000 })
      .toContain("JOIN categories ON categories.id = products.category_id");
    const text = await hover().textContent();
    expect(text).toContain("$1 = slug");
    expect(text).toContain("Explain this query");
    await picture("orm-hover-dark");
    await editor.page.keyboard.press("Escape");
  });
  test("is explained from the cursor: its values are asked for, and the plan is drawn", async () => {
    await editor.runCommand("DB Optimize: Start the sample database");
    await editor.notification("The sample database is running").waitFor({ timeout: 240_000 });
    await editor.closeNotifications();
    await editor.goTo(query.line, query.column);
    await editor.runCommand("DB Optimize: Explain query at cursor");
    await editor.page.locator(".quick-input-list .monaco-list-row", { hasText: "rows" }).first().waitFor({ timeout: 30_000 });
    await picture("orm-value-dark");
    for (const value of ["garden", "20"]) await editor.answer(value);
    const page = editor.webView;
    await page.getByRole("tree", { name: "Plan" }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("SELECT products.id");
    await expect.poll(() => page.getByRole("treeitem", { name: /on products/ }).count()).toBeGreaterThan(0);
    await expect.poll(() => page.getByRole("treeitem", { name: /categories/ }).count()).toBeGreaterThan(0);
    await picture("orm-plan-dark");
  });
  test("is readable on the plan page's SQL tab", async () => {
    const page = editor.webView;
    await page.getByRole("tab", { name: "SQL" }).click();
    await page.locator(".monaco .view-line", { hasText: "JOIN categories ON" }).first().waitFor({ timeout: 30_000 });
    await picture("orm-sql-dark");
    await page.getByRole("tab", { name: "Tree", exact: true }).click();
  });
  test("is a table, an icicle, and details that tell where a node comes from", async () => {
    const page = editor.webView;
    await page.getByRole("tab", { name: "Table", exact: true }).click();
    await page
      .locator('[role="grid"] [role="rowheader"]', { hasText: /categories/ })
      .first()
      .click();
    await page.getByRole("heading", { name: "In the statement" }).waitFor();
    await page.getByText("categories.id = products.category_id").first().waitFor();
    await page.getByRole("heading", { name: "Table categories" }).waitFor();
    await picture("orm-table-dark");
    await page.getByRole("tab", { name: "Icicle", exact: true }).click();
    await picture("orm-icicle-dark");
    await page.getByRole("tab", { name: "SQL", exact: true }).click();
    await page.locator(".lit-text").first().waitFor();
    await picture("orm-lit-dark");
    await page.getByRole("tab", { name: "Tree", exact: true }).click();
  });
  test("is shown in a light theme too", async () => {
    await editor.chooseTheme("Light Modern");
    await picture("orm-plan-light");
    await editor.webView.getByRole("tab", { name: "SQL" }).click();
    await editor.webView.locator(".monaco .view-line", { hasText: "JOIN categories ON" }).first().waitFor({ timeout: 30_000 });
    await picture("orm-sql-light");
  });
  test("is found again from the plan page", async () => {
    const link = editor.webView.locator(".origin .link");
    expect(await link.textContent()).toMatch(/^products\.py:20.*select\(Product\)/);
    await editor.showTab("products.py");
    await editor.goTo(1);
    await editor.showTab("Plan: SELECT");
    await link.click();
    await editor.page.locator(".tab.active", { hasText: "products.py" }).waitFor();
    await expect.poll(() => editor.page.locator(".statusbar-item", { hasText: "Ln 20" }).count()).toBe(1);
    await editor.goTo(query.line, query.column);
    await editor.runCommand("Show or Focus Hover");
    await expect.poll(() => hover().textContent(), { timeout: 30_000 }).toContain("JOIN categories");
    await picture("orm-hover-light");
  });
});
