import * as vscode from "vscode";
import type { SlowQuery, SlowQueryOrder } from "#protocol/workload";
import { setContext } from "../../core/contextKeys.js";
import { failureOf } from "../../core/failure.js";
import type { Services } from "../../core/feature.js";
import { failed, kindOf, type SlowQueryState } from "./model.js";
import { SlowQueryTree } from "./tree.js";

/** The view of slow queries of the current connection: what was read last, by which order and filter, and how old it is. */
export class SlowQueryView {
  readonly #tree = new SlowQueryTree();
  readonly #view: vscode.TreeView<SlowQuery>;
  #state: SlowQueryState | undefined;
  #connection: string | undefined;
  #running: vscode.CancellationTokenSource | undefined;
  order: SlowQueryOrder = "total";
  filter = "";

  constructor(private readonly services: Services) {
    this.#view = vscode.window.createTreeView("dbOptimize.slowQueries", { treeDataProvider: this.#tree });
    const { subscriptions } = services.extension;
    subscriptions.push(
      this.#view,
      this.#view.onDidChangeVisibility(({ visible }) => visible && !this.#state && void this.refresh()),
      services.connections.onChanged(() => this.#connectionChanged()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#connectionChanged()),
      { dispose: () => this.#running?.cancel() },
    );
    this.#connectionChanged();
  }

  /** What the server says of a missing extension. */
  get unavailable(): string | undefined {
    return this.#state?.unavailable;
  }

  selected(): SlowQuery | undefined {
    return this.#view.selection[0];
  }

  async setOrder(order: SlowQueryOrder): Promise<void> {
    this.order = order;
    await this.refresh();
  }

  async setFilter(filter: string): Promise<void> {
    this.filter = filter.trim();
    await this.refresh();
  }

  /** Reads anew. A newer refresh makes the running one moot; a failure keeps what was shown and says that it is old. */
  async refresh(): Promise<void> {
    const connection = this.services.connections.current();
    this.#running?.cancel();
    if (!connection || !vscode.workspace.isTrusted) return this.#show();
    const source = new vscode.CancellationTokenSource();
    this.#running = source;
    const input = { connection: connection.id, order: this.order, ...(this.filter ? { filter: this.filter } : {}) };
    const title = vscode.l10n.t("Reading slow queries of {0}", connection.name);
    const reading = this.services.server.run("slowQueries", input, { token: source.token, title });
    void vscode.window.withProgress({ location: { viewId: "dbOptimize.slowQueries" } }, () => reading.then(nothing, nothing));
    try {
      const { available, reason, queries } = await reading;
      if (this.#running !== source) return;
      this.#state = { queries, readAt: new Date(), ...(available ? {} : { unavailable: reason ?? "" }) };
    } catch (error) {
      if (this.#running !== source) return;
      const { message, advice } = failureOf(error);
      this.services.log.warn(`slow queries: ${message}`);
      this.#state = failed(this.#state, advice ? `${message} ${advice}` : message);
    } finally {
      source.dispose();
    }
    this.#show();
  }

  #connectionChanged(): void {
    const id = this.services.connections.current()?.id;
    if (id !== this.#connection) {
      this.#connection = id;
      this.#state = undefined;
      this.#running?.cancel();
      if (this.#view.visible) void this.refresh();
    }
    this.#show();
  }

  #show(): void {
    const connection = this.services.connections.current();
    const kind = kindOf(this.#state, connection !== undefined);
    const stale = this.#state?.failure !== undefined;
    setContext("dbOptimize.slowQueries", kind);
    setContext("dbOptimize.slowQueriesFiltered", this.filter !== "");
    this.#tree.show(this.#state?.queries ?? [], this.order, stale);
    this.#view.description = this.#description(connection?.name);
    this.#view.message = this.#message();
  }

  #description(name: string | undefined): string {
    const filter = this.filter ? vscode.l10n.t('contains "{0}"', this.filter) : undefined;
    const order = { total: "total time", mean: "mean time", calls: "calls", rows: "rows", reads: "blocks read" }[this.order];
    return [name, vscode.l10n.t("by {0}", order), filter].filter((part) => part !== undefined).join(" · ");
  }

  #message(): string | undefined {
    const { failure, readAt, queries } = this.#state ?? {};
    if (failure === undefined) {
      // A view with a message shows no welcome text, and that has the button for what is missing.
      return this.filter && queries?.length === 0 ? vscode.l10n.t('No statement contains "{0}".', this.filter) : undefined;
    }
    if (!readAt) return failure;
    return vscode.l10n.t("Not current: read at {0}. {1}", readAt.toLocaleTimeString(vscode.env.language), failure);
  }
}

const nothing = () => undefined;
