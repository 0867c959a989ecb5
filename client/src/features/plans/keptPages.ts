import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { FromPage, ToPage } from "#protocol/pages";
import type { Services } from "../../core/feature.js";
import type { PageParts } from "../pages/html.js";
import { PageArchive } from "../pages/archive.js";
import { WebPage } from "../pages/webPage.js";

interface PageKind<T> {
  readonly viewType: string;
  readonly entry: PageParts["entry"];
  readonly icon: string;
  readonly titleOf: (value: T) => string;
  readonly contentOf: (value: T) => ToPage;
  /** A message of the page. What it returns is shown instead. */
  readonly received: (message: FromPage, value: T) => Promise<T | undefined>;
}

/** Pages whose content is a value that asks nothing of a database: kept, so that a reloaded window shows them again. */
export class KeptPages<T> implements vscode.WebviewPanelSerializer {
  readonly #archive: PageArchive<T>;

  constructor(
    private readonly services: Services,
    private readonly kind: PageKind<T>,
  ) {
    this.#archive = new PageArchive(services.extension, kind.viewType);
    services.extension.subscriptions.push(vscode.window.registerWebviewPanelSerializer(kind.viewType, this));
  }

  async open(value: T, column: vscode.ViewColumn): Promise<void> {
    const { viewType, titleOf } = this.kind;
    const panel = vscode.window.createWebviewPanel(viewType, titleOf(value), { viewColumn: column, preserveFocus: false });
    await this.#show(randomUUID(), panel, value);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const id = typeof state === "object" && state !== null && "pageId" in state ? String(state.pageId) : "";
    const value = await this.#archive.read(id);
    // Nothing to show and nothing to ask again: an empty page would only be in the way.
    if (value === undefined) panel.dispose();
    else await this.#show(id, panel, value);
  }

  async #show(id: string, panel: vscode.WebviewPanel, first: T): Promise<void> {
    const { entry, icon, titleOf, contentOf, received } = this.kind;
    const { extension, log } = this.services;
    let value = first;
    panel.title = titleOf(value);
    const iconOf = (theme: string) => vscode.Uri.joinPath(extension.extensionUri, "media", "icons", `${icon}-${theme}.svg`);
    panel.iconPath = { light: iconOf("light"), dark: iconOf("dark") };
    const page = new WebPage(id, panel, entry, extension, {
      received: (message) => {
        received(message, value).then(
          async (next) => {
            if (next === undefined) return;
            value = next;
            page.title = titleOf(value);
            page.send(contentOf(value));
            await this.#archive.write(id, value);
          },
          (error: unknown) => log.error(error instanceof Error ? error : String(error)),
        );
      },
      disposed: () => void this.#archive.forget(id),
    });
    page.send(contentOf(value));
    await this.#archive.write(id, value);
  }
}
