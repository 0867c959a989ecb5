import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { FromPage, ToPage } from "#protocol/pages";
import { sharePage } from "#protocol/sharePage";
import { pageHtml, type PageParts } from "./html.js";

export interface PageHandlers {
  readonly received: (message: Exclude<FromPage, { type: "ready" | "copy" | "save" | "share" | "openSource" }>) => void;
  readonly disposed: () => void;
}

/**
 * A page in a panel. What was sent last is kept: a page that was hidden is built anew when it is shown, says "ready", and gets it again.
 * What every page can ask for (copy, save, open the source) is answered here.
 */
export class WebPage {
  readonly #root: vscode.Uri;
  #ready = false;
  #content: ToPage | undefined;
  #state: ToPage | undefined;

  constructor(
    readonly id: string,
    private readonly panel: vscode.WebviewPanel,
    entry: PageParts["entry"],
    extension: vscode.ExtensionContext,
    private readonly handlers: PageHandlers,
  ) {
    const root = vscode.Uri.joinPath(extension.extensionUri, "dist", "webview");
    this.#root = root;
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    webview.onDidReceiveMessage((message: FromPage) => this.#receive(message));
    panel.onDidDispose(() => handlers.disposed());
    webview.html = pageHtml({
      entry,
      title: panel.title,
      language: vscode.env.language,
      cspSource: webview.cspSource,
      address: (file) => webview.asWebviewUri(vscode.Uri.joinPath(root, file)).toString(),
      nonce: randomBytes(18).toString("base64url"),
      pageId: id,
    });
  }

  get content(): ToPage | undefined {
    return this.#content;
  }

  set title(title: string) {
    this.panel.title = title;
  }

  reveal(): void {
    this.panel.reveal(undefined, false);
  }

  /** A plan or a report replaces what was shown; anything else is a state on top of it. */
  send(message: ToPage): void {
    if (message.type === "explain" || message.type === "report" || message.type === "comparison") {
      this.#content = message;
      this.#state = undefined;
    } else this.#state = message;
    if (this.#ready) void this.panel.webview.postMessage(message);
  }

  #receive(message: FromPage): void {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        for (const kept of [this.#content, this.#state]) if (kept) void this.panel.webview.postMessage(kept);
        return;
      case "copy":
        void copy(message.text, message.what);
        return;
      case "save":
        void save(Buffer.from(message.text, message.encoding ?? "utf8"), message.suggestedName);
        return;
      case "share":
        void share(this.#root, message);
        return;
      case "openSource":
        void openSource(message.file, message.line);
        return;
      default:
        this.handlers.received(message);
    }
  }
}

async function copy(text: string, what: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Copied: {0}", what), 3000);
}

/** One file with the page's own code and the plan in it. */
async function share(root: vscode.Uri, { content, suggestedName }: Extract<FromPage, { type: "share" }>): Promise<void> {
  const template = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(root, "share.html")));
  const page = Buffer.from(sharePage(template, content), "utf8");
  const target = await save(page, suggestedName);
  if (target) {
    const size = (page.length / 1024).toFixed(0);
    vscode.window.setStatusBarMessage(vscode.l10n.t("Saved {0}: {1} kB in one file", target.fsPath, size), 5000);
  }
}

/** @returns where it was written; undefined where nothing was */
async function save(content: Uint8Array, suggestedName: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = suggestedName.replace(/[\\/:*?"<>|]/g, "_");
  const target = await vscode.window.showSaveDialog(folder ? { defaultUri: vscode.Uri.joinPath(folder, name) } : {});
  if (!target) return undefined;
  try {
    await vscode.workspace.fs.writeFile(target, content);
    return target;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t("{0} could not be written: {1}", target.fsPath, reason));
    return undefined;
  }
}

async function openSource(file: string, line: number): Promise<void> {
  const uri = file.includes(":") && !/^[A-Za-z]:[\\/]/.test(file) ? vscode.Uri.parse(file) : vscode.Uri.file(file);
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  try {
    await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at), viewColumn: vscode.ViewColumn.One });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t("{0} could not be opened: {1}", file, reason));
  }
}
