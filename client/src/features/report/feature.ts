import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { OperationInput } from "#protocol/operations";
import type { ToPage } from "#protocol/pages";
import { failureOf } from "../../core/failure.js";
import type { Feature, Services } from "../../core/feature.js";
import { PageArchive } from "../pages/archive.js";
import { WebPage } from "../pages/webPage.js";

type Focus = OperationInput<"optimize">["focus"];
const viewType = "dbOptimize.report";

export const report: Feature = {
  name: "report",
  activate(services) {
    const pages = new ReportPages(services);
    const commands: readonly [string, Focus][] = [
      ["dbOptimize.report.full", "full"],
      ["dbOptimize.report.profile", "profile"],
      ["dbOptimize.report.fixN1", "fix-n1"],
      ["dbOptimize.report.indexes", "indexes"],
    ];
    for (const [command, focus] of commands) services.commands.register(command, () => pages.run(focus));
  },
};

function titleOf(focus: Focus): string {
  const { t } = vscode.l10n;
  return { full: t("Full report"), profile: t("Database profile"), "fix-n1": t("N+1 queries"), indexes: t("Indexes") }[focus];
}

interface Kept {
  readonly focus: Focus;
  readonly content: ToPage;
}

/** One page per kind of report. */
class ReportPages implements vscode.WebviewPanelSerializer {
  readonly #pages = new Map<Focus, ReportPage>();
  readonly #archive: PageArchive<Kept>;

  constructor(private readonly services: Services) {
    this.#archive = new PageArchive(services.extension, "reports");
    services.extension.subscriptions.push(vscode.window.registerWebviewPanelSerializer(viewType, this));
  }

  async run(focus: Focus): Promise<void> {
    let page = this.#pages.get(focus);
    if (page) page.reveal();
    else page = this.#open(randomUUID(), vscode.window.createWebviewPanel(viewType, titleOf(focus), vscode.ViewColumn.Active), focus);
    await page.run();
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const id = typeof state === "object" && state !== null && "pageId" in state ? String(state.pageId) : "";
    const kept = await this.#archive.read(id);
    if (!kept) return panel.dispose();
    this.#open(id, panel, kept.focus).show(kept.content);
  }

  #open(id: string, panel: vscode.WebviewPanel, focus: Focus): ReportPage {
    const icon = (theme: string) => vscode.Uri.joinPath(this.services.extension.extensionUri, "media", "icons", `report-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    const page = new ReportPage(id, panel, focus, this.services, {
      kept: (content) => this.#archive.write(id, { focus, content }),
      disposed: () => {
        if (this.#pages.get(focus) === page) this.#pages.delete(focus);
        void this.#archive.forget(id);
      },
    });
    this.#pages.set(focus, page);
    return page;
  }
}

class ReportPage {
  readonly #page: WebPage;
  #running: vscode.CancellationTokenSource | undefined;

  constructor(
    id: string,
    panel: vscode.WebviewPanel,
    private readonly focus: Focus,
    private readonly services: Services,
    private readonly owner: { kept: (content: ToPage) => Promise<void>; disposed: () => void },
  ) {
    this.#page = new WebPage(id, panel, "report", services.extension, {
      received: (message) => {
        if (message.type === "cancel") this.#running?.cancel();
        else void this.run();
      },
      disposed: () => {
        this.#running?.cancel();
        owner.disposed();
      },
    });
  }

  reveal(): void {
    this.#page.reveal();
  }

  show(content: ToPage): void {
    this.#page.send(content);
  }

  async run(): Promise<void> {
    this.#running?.cancel();
    const source = new vscode.CancellationTokenSource();
    this.#running = source;
    const { server, connections, log } = this.services;
    const connection = vscode.workspace.isTrusted ? connections.current()?.id : undefined;
    const title = titleOf(this.focus);
    this.#page.send({ type: "running", title, cancellable: true });
    try {
      const report = await server.run(
        "optimize",
        { focus: this.focus, ...(connection ? { connection } : {}) },
        { token: source.token, title },
      );
      if (this.#running !== source) return;
      const content: ToPage = { type: "report", report };
      this.#page.send(content);
      await this.owner.kept(content);
    } catch (error) {
      if (this.#running !== source) return;
      const failure = failureOf(error);
      log.warn(`${title}: ${failure.message}`);
      this.#page.send({ type: "failed", failure });
    } finally {
      if (this.#running === source) this.#running = undefined;
      source.dispose();
    }
  }
}
