import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  type CodeAction,
  type CodeLens,
  type Diagnostic,
  type DocumentDiagnosticReport,
  type Hover,
  type InitializeResult,
  type ProtocolConnection,
  type Range,
  type TextDocumentEdit,
  type TextEdit,
  type WorkspaceDiagnosticReport,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import type { Readable, Writable } from "node:stream";

export interface ScriptedClientOptions {
  readonly folders: readonly string[];
  /** What `workspace/configuration` answers for the section, by URI; read at each question. */
  readonly settings?: (uri: string | undefined) => unknown;
  readonly initializationOptions?: unknown;
}

/** A client that opens, edits and asks as an editor would, over any pair of streams. */
export class ScriptedClient {
  readonly connection: ProtocolConnection;
  readonly logged: string[] = [];
  readonly texts = new Map<string, string>();
  #version = 0;

  constructor(
    input: Readable,
    output: Writable,
    private readonly options: ScriptedClientOptions,
  ) {
    this.connection = createProtocolConnection(input, output);
    this.connection.onRequest("workspace/configuration", ({ items }: { items: { scopeUri?: string }[] }) =>
      items.map(({ scopeUri }) => this.options.settings?.(scopeUri) ?? null),
    );
    this.connection.onRequest("client/registerCapability", () => null);
    this.connection.onRequest("workspace/diagnostic/refresh", () => null);
    this.connection.onRequest("workspace/codeLens/refresh", () => null);
    this.connection.onRequest("window/workDoneProgress/create", () => null);
    this.connection.onNotification("window/logMessage", ({ message }: { message: string }) => void this.logged.push(message));
    this.connection.listen();
  }

  async start(): Promise<InitializeResult> {
    const result = await this.connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
          diagnostics: { refreshSupport: true },
        },
        textDocument: { diagnostic: { relatedDocumentSupport: false } },
        window: { workDoneProgress: true },
      },
      workspaceFolders: this.options.folders.map((folder) => ({ uri: uri(folder), name: folder })),
      initializationOptions: this.options.initializationOptions,
    });
    await this.connection.sendNotification("initialized", {});
    return result;
  }

  async open(file: string, text: string, languageId = "python"): Promise<void> {
    this.texts.set(uri(file), text);
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri: uri(file), languageId, version: ++this.#version, text },
    });
  }

  async change(file: string, text: string): Promise<void> {
    this.texts.set(uri(file), text);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: uri(file), version: ++this.#version },
      contentChanges: [{ text }],
    });
  }

  close(file: string): Promise<void> {
    return this.connection.sendNotification("textDocument/didClose", { textDocument: { uri: uri(file) } });
  }

  pull(file: string, previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return this.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri: uri(file) }, previousResultId });
  }

  async diagnostics(file: string): Promise<Diagnostic[]> {
    const report = await this.pull(file);
    return report.kind === "full" ? report.items : [];
  }

  workspaceDiagnostics(previous: ReadonlyMap<string, string> = new Map()): Promise<WorkspaceDiagnosticReport> {
    const previousResultIds = [...previous].map(([uri, value]) => ({ uri, value }));
    return this.connection.sendRequest("workspace/diagnostic", { previousResultIds });
  }

  actions(file: string, range: Range, diagnostics: Diagnostic[] = [], only?: string[]): Promise<CodeAction[]> {
    const context = { diagnostics, ...(only ? { only } : {}) };
    return this.connection.sendRequest("textDocument/codeAction", { textDocument: { uri: uri(file) }, range, context });
  }

  resolve(action: CodeAction): Promise<CodeAction> {
    return this.connection.sendRequest("codeAction/resolve", action);
  }

  lenses(file: string): Promise<CodeLens[]> {
    return this.connection.sendRequest("textDocument/codeLens", { textDocument: { uri: uri(file) } });
  }

  resolveLens(lens: CodeLens): Promise<CodeLens> {
    return this.connection.sendRequest("codeLens/resolve", lens);
  }

  hover(file: string, line: number, character: number): Promise<Hover | null> {
    return this.connection.sendRequest("textDocument/hover", { textDocument: { uri: uri(file) }, position: { line, character } });
  }

  /** Makes a resolved action's edit in the open documents, as the editor would. */
  async apply(edit: WorkspaceEdit | undefined): Promise<void> {
    if (!edit) throw new Error("The action has no edit.");
    for (const change of (edit.documentChanges ?? []) as TextDocumentEdit[]) {
      const target = change.textDocument.uri;
      const text = this.texts.get(target);
      if (text === undefined) throw new Error(`${target} is not open.`);
      const edits = change.edits.map((one) => ("snippet" in one ? { range: one.range, newText: plain(one.snippet.value) } : one));
      await this.changeUri(target, applyEdits(text, edits as TextEdit[]));
    }
  }

  /** "exit" ends the server's process: it is said only to a server that has one of its own. */
  async stop({ exit }: { exit: boolean }): Promise<void> {
    await this.connection.sendRequest("shutdown");
    if (exit) await this.connection.sendNotification("exit");
    this.connection.dispose();
  }

  private async changeUri(target: string, text: string): Promise<void> {
    this.texts.set(target, text);
    const textDocument = { uri: target, version: ++this.#version };
    await this.connection.sendNotification("textDocument/didChange", { textDocument, contentChanges: [{ text }] });
  }
}

export function uri(file: string): string {
  return pathToFileURL(file).href;
}

/** A snippet as it stands when nothing was typed over its placeholders. */
function plain(snippet: string): string {
  return snippet.replace(/\$\{\d+:([^}]*)\}/g, "$1");
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (let i = 0; i < text.length; i++) if (text[i] === "\n") starts.push(i + 1);
  const offset = ({ line, character }: { line: number; character: number }) => (starts[line] ?? text.length) + character;
  const placed = edits.map(({ range, newText }, order) => ({ start: offset(range.start), end: offset(range.end), newText, order }));
  placed.sort((a, b) => b.start - a.start || b.order - a.order);
  for (const { start, end, newText } of placed) text = text.slice(0, start) + newText + text.slice(end);
  return text;
}
