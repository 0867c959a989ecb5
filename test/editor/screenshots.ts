import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./harness/editions.mjs";
import { pictureOfFailure } from "./harness/failures.js";
import { EditorPage, startBrowser } from "./harness/page.js";
import { startEditor } from "./harness/server.js";

const images = join(root, "docs/images");

const recentOrders = `SELECT o.id, o.placed_at, o.total, o.status, c.full_name
FROM orders AS o
JOIN customers AS c ON c.id = o.customer_id
WHERE o.customer_id = :customer
ORDER BY o.placed_at DESC
LIMIT 10;
`;

/** Pictures of a real window, for the README and the docs: docs/images/*.png. */
export async function takeScreenshots(): Promise<void> {
  await mkdir(images, { recursive: true });
  const server = await startEditor({ project: join(root, "media/sample") });
  await writeFile(join(server.folder, "recent_orders.sql"), recentOrders);
  const browser = await startBrowser();
  const editor = await EditorPage.open(browser, server);
  const shot = async (name: string) => {
    await editor.page.mouse.move(720, 895);
    await editor.page.waitForTimeout(800);
    await editor.page.screenshot({ path: join(images, `${name}.png`) });
    console.log(`docs/images/${name}.png`);
  };
  try {
    await nPlusOne(editor, shot);
    await ormQuery(editor, shot);
    await sampleDatabase(editor);
    await plans(editor, shot);
    await sidebar(editor, shot);
  } catch (error) {
    await pictureOfFailure(editor, "screenshots");
    throw error;
  } finally {
    await browser.close();
    await server.stop();
  }
}

type Shot = (name: string) => Promise<void>;

async function nPlusOne(editor: EditorPage, shot: Shot): Promise<void> {
  await editor.openFile("shop/api/orders.py");
  await editor.goTo(21, 34);
  await waitUntil(() => editor.marked("order.customer.full_name"));
  await editor.runCommand("Show or Focus Hover");
  await editor.page.locator(".monaco-hover").first().waitFor();
  await shot("squiggle");
  await editor.page.keyboard.press("Escape");
  await editor.quickFixes();
  await shot("quick-fix");
  await editor.page.keyboard.press("Escape");
}

async function ormQuery(editor: EditorPage, shot: Shot): Promise<void> {
  await editor.openFile("shop/repositories/products.py");
  await editor.goTo(20, 20);
  await editor.codeLens("Copy SQL").first().waitFor();
  await editor.runCommand("Show or Focus Hover");
  await editor.page.locator(".monaco-hover", { hasText: "JOIN categories" }).first().waitFor();
  await shot("orm-sql");
  await editor.page.keyboard.press("Escape");
}

async function sampleDatabase(editor: EditorPage): Promise<void> {
  await editor.runCommand("DB Optimize: Start the sample database");
  await editor.notification("The sample database is running").waitFor({ timeout: 240_000 });
  await editor.closeNotifications();
}

async function plans(editor: EditorPage, shot: Shot): Promise<void> {
  await editor.openFile("recent_orders.sql");
  await editor.codeLens("Explain").first().click();
  await editor.answer("4711");
  const page = editor.webView;
  await page.getByRole("button", { name: "Analyze" }).click({ timeout: 60_000 });
  await page.locator(".figure", { hasText: "Execution" }).waitFor({ timeout: 60_000 });
  await editor.runCommand("View: Close Primary Side Bar");
  await editor.runCommand("View: Maximize Editor Group");
  await shot("plan-dark");
  await editor.chooseTheme("Light Modern");
  await shot("plan-light");
  await editor.chooseTheme("Dark Modern");
}

async function sidebar(editor: EditorPage, shot: Shot): Promise<void> {
  await editor.runCommand("View: Reset Editor Group Sizes");
  await editor.openSidebar();
  await editor.pane("Slow queries").getByRole("treeitem").first().waitFor({ timeout: 60_000 });
  await editor.pane("Slow queries").getByRole("treeitem").first().hover();
  await shot("sidebar");
}

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 120; tries++) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error("The finding was not marked within a minute.");
}
