import {
  CodeActionKind,
  CodeLensRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  TextDocumentSyncKind,
  TextDocuments,
  type Connection,
  type InitializeParams,
  type InitializeResult,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { ConnectionsChanged, ConnectionStatusChanged, FindingsChanged } from "#protocol/messages";
import type { ConnectionStatus } from "#protocol/connection";
import { templatePatterns } from "#protocol/templates";
import { fixAllKind, registerCodeActions } from "./codeActions.js";
import { registerCodeLenses } from "./codeLenses.js";
import { registerDiagnostics } from "./diagnosticHandlers.js";
import type { Engine } from "./engine.js";
import type { Log } from "./failures.js";
import { Findings } from "./findings.js";
import { folderOf, folderPaths } from "./folders.js";
import { registerHover } from "./hover.js";
import { askPassword } from "./passwords.js";
import { Queries } from "./queries.js";
import { RuleList } from "./ruleList.js";
import { registerRunOperation } from "./runOperation.js";
import type { Session } from "./session.js";
import { SettingsCache } from "./settingsCache.js";
import { Statements } from "./statements.js";
import { versionPatterns } from "../workspace/index.js";
import { pathOf, uriOf } from "./uris.js";

/** What the engine asks of the window while it works. */
export interface EngineHost {
  readonly folders: readonly string[];
  /** The client's own folder for data that outlives a window; absent for clients that name none. */
  readonly storage: string | undefined;
  readonly log: Log;
  /** A connection's password, from the window's secret storage; undefined where there is none. */
  password(question: { connection: string; target: string; rejected: boolean }): Promise<string | undefined>;
  statusChanged(status: ConnectionStatus): void;
}

export type CreateEngine = (host: EngineHost) => Promise<Engine>;

/** Registers every handler on `connection`; the engine is made when the client has said what it can and which folders it has. */
export function startServer(connection: Connection, createEngine: CreateEngine): void {
  const log: Log = {
    info: (message) => connection.console.info(message),
    warn: (message) => connection.console.warn(message),
    error: (message) => connection.console.error(message),
  };
  let session: Session | undefined;
  let client: InitializeParams["capabilities"] = {};

  connection.onInitialize(async (params): Promise<InitializeResult> => {
    client = params.capabilities;
    const engine = await createEngine({
      folders: folderPaths(params),
      storage: storageOf(params.initializationOptions),
      log,
      password: (question) => askPassword(connection, question),
      statusChanged: (status) => void connection.sendNotification(ConnectionStatusChanged.method, status),
    });
    session = makeSession(connection, engine, log, client);
    await session.rules.load(engine);
    registerHandlers(session, client);
    return { capabilities, serverInfo: { name: "DB Performance Optimizer" } };
  });

  connection.onInitialized(() => {
    if (!session) return;
    if (client.workspace?.didChangeConfiguration?.dynamicRegistration) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: "dbOptimize" });
    }
    if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
      const patterns = ["**/*.py", "**/*.sql", "**/pyproject.toml", "**/.gitignore", ...versionPatterns, ...templatePatterns];
      void connection.client.register(DidChangeWatchedFilesNotification.type, {
        watchers: patterns.map((globPattern) => ({ globPattern })),
      });
    }
    if (client.workspace?.workspaceFolders) watchFolders(session);
  });

  connection.onShutdown(async () => {
    session?.findings.dispose();
    await session?.engine.dispose();
  });
}

function storageOf(options: unknown): string | undefined {
  const storage = typeof options === "object" && options !== null && "storage" in options ? options.storage : undefined;
  return typeof storage === "string" && storage !== "" ? storage : undefined;
}

const capabilities: InitializeResult["capabilities"] = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  diagnosticProvider: { identifier: "dbOptimize", interFileDependencies: true, workspaceDiagnostics: true },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: true },
  codeLensProvider: { resolveProvider: true },
  hoverProvider: true,
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

function makeSession(connection: Connection, engine: Engine, log: Log, client: InitializeParams["capabilities"]): Session {
  const rules = new RuleList();
  const documents = new TextDocuments(TextDocument);
  const canAsk = client.workspace?.configuration === true;
  const settings = new SettingsCache(
    {
      read: async (uri) =>
        canAsk ? connection.workspace.getConfiguration({ section: "dbOptimize", ...(uri ? { scopeUri: uri } : {}) }) : undefined,
      knownRules: () => rules.names(),
    },
    log,
  );
  const findings = new Findings({
    check: (options) => engine.workspace.check(options),
    folderOf: (file) => folderOf(file, engine.workspace.folders),
    settingsOf: (path) => settings.of(uriOf(path, documents.keys())),
    warn: (message) => log.warn(message),
  });
  return { connection, engine, documents, settings, findings, rules, log };
}

function registerHandlers(session: Session, client: InitializeParams["capabilities"]): void {
  const { connection } = session;
  const statements = new Statements(() => session.engine);
  const queries = new Queries(
    () => session.engine,
    () => session.findings.epoch,
  );
  registerDocuments(session, [statements, queries]);
  registerDiagnostics(session, () => client.window?.workDoneProgress === true);
  registerCodeActions(session);
  registerCodeLenses(session, { statements, queries });
  registerHover(session, { statements, queries });
  registerRunOperation(session);
  connection.onDidChangeConfiguration(() => {
    session.settings.clear();
    refresh(session, client);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    const files = changes.flatMap(({ uri }) => pathOf(uri) ?? []);
    session.engine.workspace.invalidate(files);
    refresh(session, client);
  });
  connection.onNotification(ConnectionsChanged.method, (raw: unknown) => {
    const parsed = ConnectionsChanged.Params.safeParse(raw);
    if (!parsed.success) return session.log.error(`The client sent connections that cannot be read: ${parsed.error.message}`);
    session.engine.setConnections(parsed.data.connections, parsed.data.trusted);
  });
  session.findings.onChanged(() => void connection.sendNotification(FindingsChanged.method));
}

function registerDocuments(session: Session, memories: readonly { forget(uri: string): void }[]): void {
  const { documents, findings, engine, settings } = session;
  documents.onDidChangeContent(({ document }) => {
    const path = pathOf(document.uri);
    if (path === undefined) return;
    if (engine.workspace.setOverlay(path, document.getText())) findings.changed();
  });
  documents.onDidClose(({ document }) => {
    for (const memory of memories) memory.forget(document.uri);
    settings.forget(document.uri);
    const path = pathOf(document.uri);
    if (path === undefined) return;
    if (engine.workspace.setOverlay(path, undefined)) findings.changed();
  });
  documents.listen(session.connection);
}

function watchFolders(session: Session): void {
  const { connection, engine, documents, findings, settings } = session;
  connection.workspace.onDidChangeWorkspaceFolders(async () => {
    const folders = (await connection.workspace.getWorkspaceFolders()) ?? [];
    await engine.setFolders(folders.flatMap(({ uri }) => pathOf(uri) ?? []));
    for (const document of documents.all()) {
      const path = pathOf(document.uri);
      if (path !== undefined) engine.workspace.setOverlay(path, document.getText());
    }
    settings.clear();
    findings.changed();
  });
}

/** What the client shows may be out of date though no document changed. */
function refresh(session: Session, client: InitializeParams["capabilities"]): void {
  session.findings.changed();
  if (client.workspace?.diagnostics?.refreshSupport) session.connection.languages.diagnostics.refresh().catch(() => undefined);
  if (client.workspace?.codeLens?.refreshSupport) session.connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
}
