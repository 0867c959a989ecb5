import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { EditorServer } from "./server.js";

export interface InHostOutcome {
  /** False when the extension host died before the last test. */
  readonly complete: boolean;
  readonly figures: Readonly<Record<string, number>>;
  readonly tests: readonly { readonly name: string; readonly error?: string }[];
}

const limitMs = 300_000;

/**
 * Runs the carrier's tests in the extension host, the way a desktop VS Code runs an extension's tests: the window is told by its address,
 * and tells the end by calling back.
 */
export async function runInHost(browser: Browser, server: EditorServer, carrier: string): Promise<InHostOutcome> {
  const results = join(server.folder, "..", "in-host.json");
  await rm(results, { force: true });
  const remote = server.origin.replace("http://", "vscode-remote://");
  const payload = [
    ["extensionDevelopmentPath", `${remote}${carrier}`],
    ["extensionTestsPath", `${remote}${join(carrier, "index.js")}`],
  ];
  const page = await browser.newPage();
  const log: string[] = [];
  try {
    const ended = new Promise<void>((resolve) => {
      void page.exposeFunction("codeAutomationLog", (type: string, words: unknown[]) => void log.push(`${type}: ${words.join(" ")}`));
      void page.exposeFunction("codeAutomationExit", () => resolve());
    });
    const query = new URLSearchParams({ folder: server.folder, payload: JSON.stringify(payload) });
    await page.goto(`${server.origin}/?${query.toString()}`);
    await Promise.race([ended, page.waitForTimeout(limitMs)]);
    return JSON.parse(await readFile(results, "utf8")) as InHostOutcome;
  } catch (error) {
    throw new Error(`The in-host run left no results.\n${log.slice(-40).join("\n")}\n${server.log().slice(-4000)}`, { cause: error });
  } finally {
    await page.close();
  }
}
