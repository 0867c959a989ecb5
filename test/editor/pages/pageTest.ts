import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { chromium as playwright, type Browser, type Page } from "playwright-core";
import type { FromPage, ToPage } from "#protocol/pages";
import { chromium, servePages } from "../../../webview/dev/harness.mjs";

const axeSource = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The built pages in a browser of their own, without an editor around them. */
export interface PageHarness {
  open(page: "explain" | "report", theme: string, message?: ToPage, size?: { width: number; height: number }): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  readonly page: Page;
  /** Errors of scripts, refused resources and breaches of the content security policy. */
  readonly complaints: readonly string[];
  send(message: ToPage): Promise<void>;
  posted(): Promise<FromPage[]>;
  /** Rule and element of each violation that axe finds. */
  violations(): Promise<string[]>;
}

export async function startPages(): Promise<PageHarness> {
  const server = await servePages();
  const browser: Browser = await playwright.launch(chromium);
  return {
    async open(name, theme, message, size = { width: 1200, height: 860 }) {
      const page = await browser.newPage({ viewport: size, bypassCSP: false });
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (line) => {
        if (line.type() === "error" || line.type() === "warning") complaints.push(line.text());
      });
      await page.goto(server.url(name, theme));
      const opened = control(page, complaints);
      await page.waitForFunction(() => (window as unknown as { posted: FromPage[] }).posted.some((sent) => sent.type === "ready"));
      if (message) await opened.send(message);
      return opened;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}

function control(page: Page, complaints: string[]): OpenPage {
  return {
    page,
    complaints,
    async send(message) {
      await page.evaluate((data) => window.postMessage(data, "*"), message);
      await page.waitForTimeout(150);
    },
    posted: () => page.evaluate(() => (window as unknown as { posted: FromPage[] }).posted),
    async violations() {
      // Through the debugger, since the page's policy rightly refuses foreign scripts.
      await page.evaluate(await axeSource);
      const results = await page.evaluate(() => (window as unknown as { axe: typeof import("axe-core") }).axe.run({ preload: false }));
      return results.violations.flatMap((violation) =>
        violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} (${node.failureSummary ?? ""})`),
      );
    },
  };
}
