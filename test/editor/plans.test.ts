import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { root } from "./harness/editions.mjs";
import type { EditorPage } from "./harness/page.js";
import { oneWindow } from "./harness/window.js";

let editor: EditorPage;
let folder: string;
const pictures = join(root, "out/editor-pictures");

oneWindow(join(root, "media/sample"), (window) => {
  editor = window.editor;
  folder = window.server.folder;
});
beforeAll(async () => {
  await mkdir(pictures, { recursive: true });
  await cp(join(root, "test/fixtures/plans/pg15_parallel.text"), join(folder, "before.txt"));
  await cp(join(root, "test/fixtures/plans/pg18_seqfilter.json"), join(folder, "after.plan"));
});

const picture = (name: string) => editor.page.screenshot({ path: join(pictures, `${name}.png`) });
const choice = (text: string | RegExp) => editor.page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
const heading = () => editor.webView.getByRole("heading", { level: 1 }).first();

describe("a plan that was written elsewhere", () => {
  test("is read from the open editor, without a database", async () => {
    await editor.openFile("before.txt");
    await editor.runCommand("DB Optimize: Show a plan from a file, the clipboard or the history");
    await choice("From the open editor").click();
    const page = editor.webView;
    await page.getByRole("tree", { name: "Plan" }).waitFor({ timeout: 60_000 });
    await expect.poll(() => page.getByRole("treeitem", { name: /Index Only Scan/ }).count()).toBe(1);
    // Nothing that would need a connection is offered.
    expect(await page.getByRole("button", { name: "Run again" }).count()).toBe(0);
    await picture("plan-read-dark");
  });

  test("what is no plan is refused with a reason", async () => {
    await editor.openFile("README.md");
    await editor.runCommand("DB Optimize: Show a plan from a file, the clipboard or the history");
    await choice("From the open editor").click();
    await editor.notification("No plan was found").waitFor();
    await editor.closeNotifications();
  });
});

describe("an explained query", () => {
  const query = { file: "shop/repositories/products.py", line: 20, column: 20 };

  test("is compared with its run before, step by step", async () => {
    await editor.runCommand("DB Optimize: Start the sample database");
    await editor.notification("The sample database is running").waitFor({ timeout: 240_000 });
    await editor.closeNotifications();
    await editor.openFile(query.file);
    await editor.goTo(query.line, query.column);
    await editor.runCommand("DB Optimize: Explain and run query at cursor");
    for (const value of ["category-31", "20"]) await editor.answer(value);
    const page = editor.webView;
    await page.locator(".figure", { hasText: "Execution" }).waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "Run again" }).click();
    await page.locator(".figure", { hasText: "Median of 2 runs" }).waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "Compare" }).click();
    await choice("Sample database").click();
    await expect.poll(() => heading().textContent(), { timeout: 30_000 }).toMatch(/ms → .* every step is done the same way/);
    const tree = editor.webView.getByRole("tree", { name: "Both plans as one tree" });
    await expect.poll(() => tree.getByRole("treeitem").count()).toBeGreaterThan(2);
    await picture("comparison-dark");
  });

  test("the tree is walked by keyboard, and the step's facts follow", async () => {
    const tree = editor.webView.getByRole("tree", { name: "Both plans as one tree" });
    await tree.focus();
    await editor.page.keyboard.press("Home");
    const title = () => editor.webView.locator(".step-details h2").textContent();
    const first = await title();
    await editor.page.keyboard.press("ArrowDown");
    await expect.poll(title).not.toBe(first);
    await editor.page.keyboard.press("ArrowLeft");
    await expect.poll(title).toBe(first);
  });

  test("side by side, with the same step selected in both", async () => {
    await editor.webView.getByRole("tab", { name: "Side by side" }).click();
    await expect.poll(() => editor.webView.locator(".side-by-side canvas").count()).toBeGreaterThanOrEqual(2);
    await picture("comparison-sides-dark");
    await editor.webView.getByRole("tab", { name: "One tree" }).click();
  });

  test("both ways round", async () => {
    const before = () => editor.webView.locator(".figure.strong dd").textContent();
    const [first, second] = ((await before()) ?? "").split(" → ");
    await editor.webView.getByRole("button", { name: "Swap" }).click();
    await expect.poll(before).toBe(`${second} → ${first}`);
    await editor.chooseTheme("Light Modern");
    await picture("comparison-light");
  });

  test("kept plans are deleted on request", async () => {
    await editor.runCommand("DB Optimize: Delete kept plans");
    await editor.page.getByRole("button", { name: "Delete", exact: true }).click();
    await editor.notification("2 kept plans were deleted").waitFor();
  });
});
