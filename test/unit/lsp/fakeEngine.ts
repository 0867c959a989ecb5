import { PassThrough } from "node:stream";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import type { Finding, Fix } from "#protocol/finding";
import type { LocatedStatement } from "#protocol/statement";
import type { TranslatedQuery } from "#protocol/translation";
import type { Engine, RunContext } from "../../../server/src/lsp/engine.js";
import { startServer, type EngineHost } from "../../../server/src/lsp/server.js";
import type { CheckOptions, CheckResult, Workspace } from "../../../server/src/workspace/workspace.js";
import { ScriptedClient, type ScriptedClientOptions } from "./scriptedClient.js";

/**
 * An engine whose findings are words in the text, so that a test sees the front door alone: SAFE, UNSAFE and ADVICE are findings with such
 * a fix, EXCLUDED is one too. `run` is the test's own.
 */
export class FakeEngine implements Engine {
  readonly overlays = new Map<string, string>();
  readonly checks: CheckOptions[] = [];
  folders: readonly string[];
  connections: { names: string[]; trusted: boolean }[] = [];
  /** How often a whole document was translated. */
  translations = 0;
  /** What stands between a check and its answer. */
  gate: Promise<void> = Promise.resolve();
  runs: (operation: string, input: unknown, context: RunContext) => Promise<unknown> = () => Promise.reject(new Error("no operation"));
  host!: EngineHost;

  constructor(folders: readonly string[]) {
    this.folders = folders;
  }

  get workspace(): Workspace {
    const { overlays } = this;
    return {
      folders: this.folders,
      check: (options) => this.#check(options),
      statements: async () => [],
      translations: async (file, { text = "" }) => {
        this.translations++;
        return { queries: queriesOf(file, text), text };
      },
      translationAt: async (file, { line }, { text = "" }) => queriesOf(file, text).find((query) => query.line === line),
      sourceFiles: async () => ({ files: [], warnings: [] }),
      alembic: async () => undefined,
      textOf: (file) => overlays.get(file),
      setOverlay: (file, text) => {
        if (text === undefined) overlays.delete(file);
        else overlays.set(file, text);
        return true;
      },
      invalidate: () => undefined,
      setServerCatalog: () => undefined,
      dispose: async () => undefined,
    };
  }

  async setFolders(folders: readonly string[]): Promise<void> {
    this.folders = folders;
  }

  setConnections(profiles: readonly { name: string }[], trusted: boolean): void {
    this.connections.push({ names: profiles.map(({ name }) => name), trusted });
  }

  async run(operation: string, input: unknown, context: RunContext): Promise<unknown> {
    if (operation === "listRules") return { rules: ["safe", "unsafe", "advice"].map(rule) };
    if (operation === "listStatements") return { statements: statementsOf(input as { file: string; text: string }) };
    return this.runs(operation, input, context);
  }

  async dispose(): Promise<void> {}

  async #check(options: CheckOptions): Promise<CheckResult> {
    this.checks.push(options);
    await this.gate;
    options.signal.throwIfAborted();
    const wanted = [...this.overlays].filter(([file]) => options.paths.some((path) => file === path || file.startsWith(`${path}/`)));
    const findings = wanted.flatMap(([file, text]) => findingsOf(file, text));
    const kept = findings.filter(({ rule }) => options.severities?.[rule] !== "off");
    return { findings: kept, files: wanted.length, warnings: [], catalog: { tables: [] } as unknown as CheckResult["catalog"] };
  }
}

const rule = (id: string) => ({
  id,
  summary: `About ${id}.`,
  severity: "warning",
  enabled: true,
  languages: [],
  url: `https://rules/${id}`,
});

function findingsOf(file: string, text: string): Finding[] {
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(/\b(SAFE|UNSAFE|ADVICE)(\d*)\b/g)].map((match) => {
      const [word, kind] = [match[0], match[1]!.toLowerCase()];
      const range = { line: index + 1, column: match.index + 1, endLine: index + 1, endColumn: match.index + 1 + word.length };
      const applicability = { safe: "safe", unsafe: "unsafe", advice: "displayOnly" }[kind] as Fix["applicability"];
      const edits = [{ file, range, newText: "good" }];
      const fixes: Fix[] = [{ title: `Mend ${word}`, applicability, edits: kind === "advice" ? [] : edits }];
      const related = [{ file, ...range, message: "here" }];
      const evidence = { level: "code" as const, facts: [`${word} is a fact`] };
      const base = { id: `${kind}:${word}`, rule: kind, severity: "warning" as const, certainty: "certain" as const };
      return { ...base, ...range, file, message: `${word} is bad`, evidence, related, fixes };
    }),
  );
}

function statementsOf({ file, text }: { file: string; text: string }): LocatedStatement[] {
  return text.split("\n").flatMap((sql, index) => {
    if (!sql.startsWith("select")) return [];
    const place = { file, line: index + 1, column: 1, endLine: index + 1, endColumn: sql.length + 1 };
    const error = sql.includes("!!") ? { error: { message: "syntax error", line: index + 1, column: 8 } } : {};
    return [{ place, sql, original: sql, placeholders: "none" as const, parameters: [], ...error }];
  });
}

/** A line that begins with QUERY is an ORM query: it sends what follows, or is refused with what follows a "!". */
function queriesOf(file: string, text: string): TranslatedQuery[] {
  let start = 0;
  return text.split("\n").flatMap((line, index) => {
    const span = { start, end: start + line.length };
    start += line.length + 1;
    if (!line.startsWith("QUERY ")) return [];
    const sql = line.slice("QUERY ".length);
    const base = { file, line: index + 1, endLine: index + 1, span, causes: [] };
    return [sql.startsWith("!") ? { ...base, refused: { reason: sql.slice(1), line: index + 1 } } : { ...base, sql, parameters: [] }];
  });
}

export interface Setup {
  readonly client: ScriptedClient;
  readonly engine: FakeEngine;
}

/** A server over pipes inside this process, with a client that has said hello. */
export async function startFake(options: ScriptedClientOptions): Promise<Setup> {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  const engine = new FakeEngine(options.folders);
  startServer(withListen(createConnection(ProposedFeatures.all, toServer, toClient)), async (host) => {
    engine.host = host;
    return engine;
  });
  const client = new ScriptedClient(toClient, toServer, options);
  await client.start();
  return { client, engine };
}

/** `listen` may come before or after the handlers; pipes buffer. */
function withListen<C extends { listen(): void }>(connection: C): C {
  queueMicrotask(() => connection.listen());
  return connection;
}
