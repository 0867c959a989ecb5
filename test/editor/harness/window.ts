import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll } from "vitest";
import { pictureOfFailure } from "./failures.js";
import { EditorPage, startBrowser } from "./page.js";
import { startEditor, type EditorServer } from "./server.js";

export interface Window {
  readonly server: EditorServer;
  readonly browser: Browser;
  readonly editor: EditorPage;
}

/**
 * One window for all tests of a file, from beginning to end, as a person would: each step builds on the one before. A failure leaves a picture.
 * @param opened is given the window before the first test
 */
export function oneWindow(project: string, opened: (window: Window) => void): void {
  let window: Window | undefined;
  let server: EditorServer | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    server = await startEditor({ project });
    browser = await startBrowser();
    window = { server, browser, editor: await EditorPage.open(browser, server) };
    opened(window);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
  afterEach(async ({ task }) => {
    if (window && task.result?.state === "fail") await pictureOfFailure(window.editor, task.name);
  });
}
