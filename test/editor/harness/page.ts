import { existsSync } from "node:fs";
import { chromium, type Browser, type FrameLocator, type Locator, type Page } from "playwright-core";
import { chromiumNames } from "./editions.mjs";
import type { EditorServer } from "./server.js";

const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumNames.find((name) => existsSync(name)) ?? "chromium", args });
}

/** A VS Code window as a person uses it: by keys, clicks and what can be read on it. */
export class EditorPage {
  constructor(readonly page: Page) {}

  static async open(browser: Browser, server: EditorServer, size = { width: 1440, height: 900 }): Promise<EditorPage> {
    const page = await browser.newPage({ viewport: size });
    await page.goto(`${server.origin}/?folder=${encodeURIComponent(server.folder)}`);
    const editor = new EditorPage(page);
    await editor.explorerItem("pyproject.toml").waitFor({ timeout: 90_000 });
    return editor;
  }

  explorerItem(name: string): Locator {
    return this.page.locator(".explorer-folders-view").getByRole("treeitem", { name, exact: false }).first();
  }

  /** Quick Open, by the end of the path. */
  async openFile(path: string): Promise<void> {
    await this.fillBox("Control+P", path);
    const name = path.split("/").at(-1) as string;
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().click();
    await this.page.locator(".tab.active", { hasText: name }).first().waitFor();
    await this.page.locator(".editor-instance .view-line").first().waitFor();
  }

  /** The command palette, by the command's whole name. */
  async runCommand(name: string): Promise<void> {
    await this.fillBox("F1", `>${name}`);
    const row = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: name }).first();
    await row.waitFor();
    await row.click();
    // What the command asks stands in the same box: only when the list of commands is gone it is the command's.
    await this.page.locator('.quick-input-widget input[placeholder^="Type the name of a command"]').waitFor({ state: "hidden" });
  }

  /** Opens the box with a key. One that is just closing would swallow the text, and a page that takes the focus closes one that has just opened: then again. */
  private async fillBox(key: string, text: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      await this.quickInput.waitFor({ state: "hidden" });
      await this.page.keyboard.press(key);
      try {
        return await this.quickInput.fill(text, { timeout: 5_000 });
      } catch (error) {
        if (attempt === 4) throw error;
      }
    }
  }

  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget input.input").first();
  }

  /** Types into the question that stands open and takes what was typed. */
  async answer(value: string): Promise<void> {
    await this.quickInput.waitFor();
    await this.quickInput.fill(value);
    await this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: value }).waitFor();
    await this.page.keyboard.press("Enter");
    await this.page.waitForTimeout(300);
  }

  /** Types into the box that stands open and ends with Enter. */
  async type(text: string): Promise<void> {
    await this.quickInput.waitFor();
    await this.quickInput.fill(text);
    await this.page.keyboard.press("Enter");
  }

  async showTab(title: string): Promise<void> {
    await this.page.locator(".tab", { hasText: title }).first().click();
    await this.page.locator(".tab.active", { hasText: title }).first().waitFor();
  }

  async goTo(line: number, column = 1): Promise<void> {
    await this.fillBox("Control+G", `:${line}:${column}`);
    await this.page.keyboard.press("Enter");
    await this.quickInput.waitFor({ state: "hidden" });
  }

  /** What stands in the active editor, as far as it is on the screen. */
  async visibleText(): Promise<string> {
    const lines = await this.activeEditor.locator(".view-line").evaluateAll((found) =>
      found
        .map((line) => ({ top: Number.parseFloat((line as HTMLElement).style.top), text: line.textContent ?? "" }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text.replaceAll("\u00a0", " ")),
    );
    return lines.join("\n");
  }

  get activeEditor(): Locator {
    return this.page.locator(".editor-group-container.active .editor-instance");
  }

  get squiggles(): Locator {
    return this.activeEditor.locator(".squiggly-warning, .squiggly-error, .squiggly-info, .squiggly-hint");
  }

  /** Whether the line with this text is underlined. */
  async marked(text: string): Promise<boolean> {
    const line = this.activeEditor.locator(".view-line", { hasText: text }).first();
    const top = await line.evaluate((element) => (element as HTMLElement).style.top);
    return this.activeEditor.evaluate((element, wanted) => {
      const marks = element.querySelectorAll(".squiggly-warning, .squiggly-error, .squiggly-info, .squiggly-hint");
      return [...marks].some((mark) => (mark.parentElement as HTMLElement).style.top === wanted);
    }, top);
  }

  codeLens(text: string): Locator {
    return this.activeEditor.locator(".codelens-decoration a", { hasText: text });
  }

  /** The menu of quick fixes at the cursor. */
  async quickFixes(timeout = 20_000): Promise<Locator> {
    await this.page.keyboard.press("Control+.");
    const menu = this.page.locator(".action-widget:not(.action-list-submenu-panel)");
    await menu.waitFor({ timeout });
    return menu;
  }

  /** Takes the quick fix at the cursor; again where the menu closed because findings were drawn anew meanwhile. */
  async applyQuickFix(title: string, applied: (text: string) => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 45_000;
    while (Date.now() < deadline) {
      const click = async () => {
        const menu = await this.quickFixes(5000);
        await menu.locator(".monaco-list-row", { hasText: title }).first().click({ timeout: 3000 });
      };
      await click().catch(() => this.page.keyboard.press("Escape"));
      for (let tries = 0; tries < 10; tries++) {
        if (await applied(await this.visibleText())) return;
        await this.page.waitForTimeout(200);
      }
    }
    throw new Error(`The quick fix "${title}" was not applied within 45 s.`);
  }

  /** The content of the web view in front: VS Code nests two frames. */
  get webView(): FrameLocator {
    return this.page.locator("iframe.webview.ready").last().contentFrame().locator("iframe#active-frame").contentFrame();
  }

  /** Opens the extension's view container in the side bar. */
  async openSidebar(): Promise<void> {
    // A click on the icon of what is open closes it.
    if (await this.pane("Connections").isVisible()) return;
    await this.page
      .locator(".activitybar")
      .getByRole("tab", { name: /DB Optimize/ })
      .click();
    await this.pane("Connections").waitFor();
  }

  /** A section of the extension's side bar; VS Code writes its title with capitals. */
  pane(title: string): Locator {
    const header = this.page.locator(".pane-header .title", { hasText: new RegExp(`^${title}$`, "i") });
    return this.page.locator(".sidebar .pane").filter({ has: header });
  }

  async chooseTheme(name: string): Promise<void> {
    await this.runCommand("Preferences: Color Theme");
    await this.answer(name);
    await this.page.locator(`.monaco-workbench[class*="theme-defaults"]`).waitFor();
    await this.page.waitForTimeout(1000);
  }

  /** A notification with these words. */
  notification(text: string | RegExp): Locator {
    return this.page.locator(".notification-list-item", { hasText: text }).first();
  }

  async closeNotifications(): Promise<void> {
    await this.runCommand("Notifications: Clear All Notifications");
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
