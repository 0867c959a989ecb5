import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { Failure } from "#protocol/failure";
import type { ToPage } from "#protocol/pages";
import { listsOf } from "#protocol/statement";
import { failureOf } from "../../core/failure.js";
import type { Services } from "../../core/feature.js";
import { PageArchive } from "../pages/archive.js";
import { WebPage } from "../pages/webPage.js";
import type { CompareTarget } from "../plans/feature.js";
import { labelOfRun } from "../plans/labels.js";
import { keyOf, shortSql, type ExplainRequest } from "./request.js";

const viewType = "dbOptimize.plan";

interface Kept {
  readonly request: ExplainRequest;
  readonly content: ToPage;
}

/** One page per statement and connection; asking again shows the same page with the new plan. */
export class PlanPages implements vscode.WebviewPanelSerializer {
  readonly #pages = new Map<string, PlanPage>();
  readonly #archive: PageArchive<Kept>;

  constructor(private readonly services: Services) {
    this.#archive = new PageArchive(services.extension, "plans");
    services.extension.subscriptions.push(vscode.window.registerWebviewPanelSerializer(viewType, this));
  }

  async run(request: ExplainRequest, analyze: boolean): Promise<void> {
    const key = `${request.connection} ${keyOf(request.statement)}`;
    let page = this.#pages.get(key);
    if (!page) {
      const panel = vscode.window.createWebviewPanel(viewType, "Plan", { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false });
      page = this.#open(randomUUID(), panel, request);
    } else page.reveal(request);
    await page.run(analyze);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const id = typeof state === "object" && state !== null && "pageId" in state ? String(state.pageId) : "";
    const kept = await this.#archive.read(id);
    // Nothing to show and nothing to ask again: an empty page would only be in the way.
    if (!kept) return panel.dispose();
    this.#open(id, panel, kept.request).show(kept.content);
  }

  #open(id: string, panel: vscode.WebviewPanel, request: ExplainRequest): PlanPage {
    const key = `${request.connection} ${keyOf(request.statement)}`;
    const icon = (theme: string) => vscode.Uri.joinPath(this.services.extension.extensionUri, "media", "icons", `plan-${theme}.svg`);
    panel.iconPath = { light: icon("light"), dark: icon("dark") };
    const page = new PlanPage(id, panel, request, this.services, {
      kept: (kept) => this.#archive.write(id, kept),
      disposed: () => {
        if (this.#pages.get(key) === page) this.#pages.delete(key);
        void this.#archive.forget(id);
      },
    });
    this.#pages.set(key, page);
    return page;
  }
}

class PlanPage {
  readonly #page: WebPage;
  #running: vscode.CancellationTokenSource | undefined;

  constructor(
    id: string,
    panel: vscode.WebviewPanel,
    private request: ExplainRequest,
    private readonly services: Services,
    private readonly owner: { kept: (kept: Kept) => Promise<void>; disposed: () => void },
  ) {
    panel.title = vscode.l10n.t("Plan: {0}", shortSql(request.statement.sql, 32));
    this.#page = new WebPage(id, panel, "explain", services.extension, {
      received: (message) => {
        if (message.type === "cancel") this.#running?.cancel();
        else if (message.type === "compare") void this.compare();
        else void this.run(message.type === "analyze");
      },
      disposed: () => {
        // Closing the page is the plainest way to say "stop".
        this.#running?.cancel();
        owner.disposed();
      },
    });
  }

  reveal(request: ExplainRequest): void {
    this.request = request;
    this.#page.reveal();
  }

  show(content: ToPage): void {
    this.#page.send(content);
  }

  async compare(): Promise<void> {
    const content = this.#page.content;
    if (content?.type !== "explain") return;
    const { plan, run, key } = content.result;
    const target: CompareTarget = {
      plan: { place: { text: plan.source }, label: run ? labelOfRun(run) : vscode.l10n.t("This plan") },
      ...(run ? { key: run.key, run: run.id } : key === undefined ? {} : { key }),
    };
    await vscode.commands.executeCommand("dbOptimize.plans.compare", target);
  }

  /** A newer run makes the running one moot; the page shows only the newest. */
  async run(analyze: boolean): Promise<void> {
    const { statement, connection, answers, source: place } = this.request;
    const name = this.services.connections.get(connection)?.name;
    if (name === undefined) return this.#page.send({ type: "failed", failure: connectionGone(connection) });
    this.#running?.cancel();
    const source = new vscode.CancellationTokenSource();
    this.#running = source;
    const title = analyze ? vscode.l10n.t("Running the query on {0}", name) : vscode.l10n.t("Explaining on {0}", name);
    this.#page.send({ type: "running", title, cancellable: true });
    try {
      const result = await this.services.server.run(
        "explain",
        {
          connection,
          sql: statement.sql,
          analyze,
          parameters: answers.kind === "values" ? [...answers.values] : [],
          lists: listsOf(statement),
          genericPlan: answers.kind === "generic",
          keep: vscode.workspace.getConfiguration("dbOptimize").get<number>("history.plans", 20),
        },
        { token: source.token, title },
      );
      if (this.#running !== source) return;
      const content: ToPage = { type: "explain", result, ...(place ? { source: place } : {}) };
      this.#page.send(content);
      await this.owner.kept({ request: this.request, content });
    } catch (error) {
      if (this.#running !== source) return;
      const failure = failureOf(error);
      this.services.log.warn(`explain: ${failure.message}`);
      this.#page.send({ type: "failed", failure });
    } finally {
      if (this.#running === source) this.#running = undefined;
      source.dispose();
    }
  }
}

/** A page outlives its connection: the window was reloaded, or the connection removed. */
function connectionGone(connection: string): Failure {
  const sample = connection === "sample";
  return {
    kind: "unreachable",
    message: sample ? vscode.l10n.t("The sample database is not running.") : vscode.l10n.t("The connection of this plan has been removed."),
    advice: sample
      ? vscode.l10n.t('Run "DB Optimize: Start the sample database" and ask again.')
      : vscode.l10n.t("Explain the statement again from its file, on another connection."),
  };
}
