import { afterEach, describe, expect, test } from "vitest";
import { constants, publicEncrypt } from "node:crypto";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { AskConsent, ConnectionsChanged, GetPassword, RunOperation } from "#protocol/messages";
import { OptimizerError } from "#protocol/failure";
import { startFake, type Setup } from "./fakeEngine.js";
import { uri, type ScriptedClientOptions } from "./scriptedClient.js";

const file = "/project/a.py";
const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
let running: Setup | undefined;

async function setup(options: Partial<ScriptedClientOptions> = {}): Promise<Setup> {
  running = await startFake({ folders: ["/project"], ...options });
  return running;
}

afterEach(async () => {
  await running?.client.stop({ exit: false });
  running = undefined;
});

describe("diagnostics of a document", () => {
  test("carry rule, link, related places and the finding's id", async () => {
    const { client } = await setup();
    await client.open(file, "x = 1\ny = SAFE\n");
    const [diagnostic] = await client.diagnostics(file);
    expect(diagnostic).toMatchObject({
      range: { start: { line: 1, character: 4 }, end: { line: 1, character: 8 } },
      ...{ severity: 2, source: "DB Optimize", code: "safe", message: "SAFE is bad", data: { finding: "safe:SAFE" } },
      codeDescription: { href: "https://rules/safe" },
      relatedInformation: [{ location: { uri: uri(file) }, message: "here" }],
    });
  });

  test("are unchanged until they change", async () => {
    const { client } = await setup();
    await client.open(file, "SAFE");
    const first = await client.pull(file);
    expect(await client.pull(file, first.resultId)).toEqual({ kind: "unchanged", resultId: first.resultId });
    await client.change(file, "SAFE # same place");
    expect(await client.pull(file, first.resultId)).toMatchObject({ kind: "unchanged" });
    await client.change(file, "\nSAFE");
    expect(await client.pull(file, first.resultId)).toMatchObject({ kind: "full" });
  });

  test("a newer text makes the running request moot, and the client is told to ask again", async () => {
    const { client, engine } = await setup();
    let open: () => void = () => undefined;
    engine.gate = new Promise((resolve) => (open = resolve));
    await client.open(file, "SAFE");
    const old = client.pull(file).catch((error: { data?: unknown }) => error.data);
    await client.change(file, "UNSAFE");
    const fresh = client.diagnostics(file);
    await expect.poll(() => engine.checks.length).toBe(2);
    expect(engine.checks[0]?.signal.aborted).toBe(true);
    open();
    expect(await old).toEqual({ retriggerRequest: true });
    expect((await fresh).map(({ code }) => code)).toEqual(["unsafe"]);
  });

  // The client library would never ask for this document again.
  test("a request that the client itself cancels does not end with the word not to ask again", async () => {
    const { client, engine } = await setup();
    let open: () => void = () => undefined;
    engine.gate = new Promise((resolve) => (open = resolve));
    await client.open(file, "SAFE");
    const source = new CancellationTokenSource();
    const params = { textDocument: { uri: uri(file) } };
    const answer = client.connection
      .sendRequest("textDocument/diagnostic", params, source.token)
      .catch((error: { data?: unknown }) => error.data);
    await expect.poll(() => engine.checks.length).toBe(1);
    source.cancel();
    expect(await answer).toEqual({ retriggerRequest: true });
    open();
  });

  test("a defect is logged, and what is shown stays", async () => {
    const { client, engine } = await setup();
    await client.open(file, "SAFE");
    const { resultId } = await client.pull(file);
    engine.gate = Promise.reject(new Error("defect"));
    engine.gate.catch(() => undefined);
    await client.change(file, "UNSAFE");
    expect(await client.pull(file, resultId)).toEqual({ kind: "unchanged", resultId });
    expect(client.logged.join("\n")).toContain("defect");
    engine.gate = Promise.resolve();
    expect((await client.diagnostics(file)).map(({ code }) => code)).toEqual(["unsafe"]);
  });

  test("documents that are no files have none", async () => {
    const { client } = await setup();
    const report = await client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri: "untitled:Untitled-1" } });
    expect(report).toMatchObject({ kind: "full", items: [] });
  });
});

describe("diagnostics of the workspace", () => {
  test("stay open until something changes, and clear what is gone", async () => {
    const { client } = await setup();
    await client.open(file, "SAFE");
    await client.open("/project/b.py", "ok");
    const first = await client.workspaceDiagnostics();
    expect(first.items.map((item) => [item.uri, item.kind])).toEqual([[uri(file), "full"]]);
    const held = new Map(first.items.map((item) => [item.uri, item.resultId!]));
    let answered = false;
    const second = client.workspaceDiagnostics(held).finally(() => (answered = true));
    await client.diagnostics(file);
    expect(answered).toBe(false);
    await client.change(file, "ok");
    const items = (await second).items;
    expect(items).toMatchObject([{ uri: uri(file), kind: "full", items: [] }]);
  });

  test("end when they are cancelled", async () => {
    const { client } = await setup();
    const { CancellationTokenSource } = await import("vscode-languageserver/node");
    const source = new CancellationTokenSource();
    const request = client.connection.sendRequest("workspace/diagnostic", { previousResultIds: [] }, source.token);
    source.cancel();
    await expect(request).rejects.toMatchObject({ code: -32802 });
  });

  test("none for a folder that does not want them", async () => {
    const { client, engine } = await setup({ settings: () => ({ workspaceDiagnostics: false }) });
    await client.open(file, "SAFE");
    void client.workspaceDiagnostics().catch(() => undefined);
    expect(await client.diagnostics(file)).toHaveLength(1);
    expect(engine.checks.map(({ paths }) => paths)).toEqual([[file]]);
  });
});

describe("settings", () => {
  test.each<[string, unknown, string, string[]]>([
    ["switch the analysis off", { enable: false }, "SAFE UNSAFE", []],
    ["switch a rule off", { rules: { safe: "off" } }, "SAFE UNSAFE", ["unsafe"]],
    ["exclude files", { exclude: ["a.*"] }, "SAFE", []],
    ["that exclude others", { exclude: ["b.py"] }, "SAFE", ["safe"]],
    ["that are nonsense cost nothing", "nonsense", "SAFE", ["safe"]],
  ])("%s", async (_name, settings, text, codes) => {
    const { client } = await setup({ settings: () => settings });
    await client.open(file, text);
    expect((await client.diagnostics(file)).map(({ code }) => code)).toEqual(codes);
  });

  test("are live", async () => {
    let settings: unknown = {};
    const { client } = await setup({ settings: () => settings });
    await client.open(file, "SAFE");
    expect(await client.diagnostics(file)).toHaveLength(1);
    settings = { enable: false };
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    expect(await client.diagnostics(file)).toHaveLength(0);
  });

  test("are complained about once, by name", async () => {
    const { client } = await setup({ settings: () => ({ codeLens: "yes", rules: { nope: "off", safe: "loud" } }) });
    await client.open(file, "SAFE");
    await client.diagnostics(file);
    await client.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    expect(await client.diagnostics(file)).toHaveLength(1);
    const complaints = client.logged.filter((line) => line.includes("dbOptimize."));
    expect(complaints).toHaveLength(3);
    expect(complaints.join("\n")).toMatch(/dbOptimize\.codeLens is "yes"\. Allowed: true or false\. Used instead: true/);
    expect(complaints.join("\n")).toMatch(/dbOptimize\.rules\.nope names no rule.*Allowed: advice, safe, unsafe/);
    expect(complaints.join("\n")).toMatch(/dbOptimize\.rules\.safe is "loud"\. Allowed: "off", "error"/);
  });
});

describe("code actions", () => {
  test("safe ones are preferred; every finding can be silenced; edits come when chosen", async () => {
    const { client } = await setup();
    await client.open(file, "x = SAFE\ny = UNSAFE\nz = ADVICE\n");
    const actions = await client.actions(file, whole, await client.diagnostics(file));
    const shown = actions.map(({ title, kind, isPreferred, edit }) => [title, kind, isPreferred ?? false, edit]);
    expect(shown).toEqual([
      ["Mend SAFE", "quickfix", true, undefined],
      ["Silence safe here with a reason", "quickfix", false, undefined],
      ["Mend UNSAFE (review: may change behaviour)", "quickfix", false, undefined],
      ["Silence unsafe here with a reason", "quickfix", false, undefined],
      ["Silence advice here with a reason", "quickfix", false, undefined],
      ["Fix all safe DB Optimize findings", "source.fixAll.dbOptimize", false, undefined],
    ]);
    await client.apply((await client.resolve(actions[0]!)).edit);
    expect(client.texts.get(uri(file))).toBe("x = good\ny = UNSAFE\nz = ADVICE\n");
    expect((await client.diagnostics(file)).map(({ code }) => code)).toEqual(["unsafe", "advice"]);
  });

  test("only those at the place, and only the kinds asked for", async () => {
    const { client } = await setup();
    await client.open(file, "SAFE1\nSAFE2\n");
    const second = { start: { line: 1, character: 2 }, end: { line: 1, character: 2 } };
    expect((await client.actions(file, second, [], ["quickfix"])).map(({ title }) => title)).toEqual([
      "Mend SAFE2",
      "Silence safe here with a reason",
    ]);
    expect((await client.actions(file, second, [], ["source"])).map(({ kind }) => kind)).toEqual(["source.fixAll.dbOptimize"]);
    expect(await client.actions(file, second, [], ["refactor"])).toEqual([]);
  });

  test("fix all makes every safe edit and no other", async () => {
    const { client } = await setup();
    await client.open(file, "SAFE1 UNSAFE SAFE2\nSAFE3\n");
    const [all] = await client.actions(file, whole, [], ["source.fixAll.dbOptimize"]);
    await client.apply((await client.resolve(all!)).edit);
    expect(client.texts.get(uri(file))).toBe("good UNSAFE good\ngood\n");
  });

  test("a request that becomes moot is answered for the newer text, and one that was taken back ends as cancelled", async () => {
    const { client, engine } = await setup();
    let open: () => void = () => undefined;
    engine.gate = new Promise((resolve) => (open = resolve));
    await client.open(file, "SAFE");
    const source = new CancellationTokenSource();
    const params = { textDocument: { uri: uri(file) }, range: whole, context: { diagnostics: [] } };
    const takenBack = client.connection.sendRequest("textDocument/codeAction", params, source.token);
    const moot = client.actions(file, whole);
    await expect.poll(() => engine.checks.length).toBe(1);
    source.cancel();
    await expect(takenBack).rejects.toMatchObject({ code: -32800 });
    await client.change(file, "UNSAFE");
    const fresh = client.diagnostics(file);
    await expect.poll(() => engine.checks.length).toBe(2);
    open();
    await fresh;
    expect((await moot)[0]?.title).toContain("UNSAFE");
  });

  test("an action whose finding is gone makes no edit", async () => {
    const { client } = await setup();
    await client.open(file, "SAFE");
    const [fix] = await client.actions(file, whole);
    await client.change(file, "ok");
    expect((await client.resolve(fix!)).edit).toBeUndefined();
  });
});

describe("code lenses and hover", () => {
  test("a statement has Explain and Analyze; one that does not parse has the parser's word", async () => {
    const { client } = await setup();
    await client.open("/project/a.sql", "select 1\n\nselect !!", "sql");
    const lenses = await client.lenses("/project/a.sql");
    expect(lenses.map(({ range, command }) => [range.start.line, command])).toEqual([
      [0, undefined],
      [0, undefined],
      [2, undefined],
    ]);
    const resolved = await Promise.all(lenses.map((lens) => client.resolveLens(lens)));
    expect(resolved.map(({ command }) => [command?.title, command?.command])).toEqual([
      ["Explain", "dbOptimize.explainStatement"],
      ["Analyze", "dbOptimize.explainStatement"],
      ["$(warning) PostgreSQL cannot read this statement: syntax error (line 3, column 8)", ""],
    ]);
    expect(resolved[1]?.command?.arguments).toMatchObject([{ uri: uri("/project/a.sql"), analyze: true, statement: { sql: "select 1" } }]);
  });

  test("no lenses where they are switched off", async () => {
    const { client } = await setup({ settings: () => ({ codeLens: false }) });
    await client.open("/project/a.sql", "select 1", "sql");
    expect(await client.lenses("/project/a.sql")).toEqual([]);
  });

  test("hover tells the rule, its evidence, and offers to explain", async () => {
    const { client } = await setup();
    await client.open(file, "select SAFE\nplain\n");
    const hover = await client.hover(file, 0, 9);
    const value = (hover?.contents as { value: string }).value;
    expect(value).toContain("[safe](https://rules/safe)");
    expect(value).toContain("About safe\\.");
    expect(value).toContain("SAFE is a fact");
    expect(value).toContain("(command:dbOptimize.explainStatement?");
    expect(await client.hover(file, 1, 1)).toBeNull();
  });
});

describe("operations", () => {
  const run = (setup: Setup, operation: string, input: unknown): Promise<RunOperation.Result> =>
    setup.client.connection.sendRequest(RunOperation.method, { operation, input } satisfies RunOperation.Params);

  test("answer as values, failures too", async () => {
    const setup_ = await setup();
    setup_.engine.runs = async (operation, input) => {
      if (operation === "explain") return { got: input };
      if (operation === "check") throw new OptimizerError({ kind: "refused", message: "No.", advice: "Ask otherwise." });
      throw new TypeError("broken");
    };
    expect(await run(setup_, "explain", 1)).toEqual({ ok: true, output: { got: 1 } });
    expect(await run(setup_, "check", 1)).toEqual({ ok: false, failure: { kind: "refused", message: "No.", advice: "Ask otherwise." } });
    expect(await run(setup_, "optimize", 1)).toMatchObject({ ok: false, failure: { kind: "internal" } });
    expect(setup_.client.logged.join("\n")).toContain("TypeError: broken");
  });

  test("can be cancelled", async () => {
    const setup_ = await setup();
    const { CancellationTokenSource } = await import("vscode-languageserver/node");
    const source = new CancellationTokenSource();
    setup_.engine.runs = (_operation, _input, { signal }) =>
      new Promise((_resolve, reject) => {
        const stop = () => reject(signal.reason as Error);
        if (signal.aborted) stop();
        signal.addEventListener("abort", stop);
      });
    const result = setup_.client.connection.sendRequest(RunOperation.method, { operation: "explain", input: {} }, source.token);
    source.cancel();
    expect(await result).toMatchObject({ ok: false, failure: { kind: "cancelled" } });
  });

  test.each([
    [true, true],
    [false, false],
  ])("consent that the user answers with %s is %s", async (granted, expected) => {
    const setup_ = await setup();
    setup_.client.connection.onRequest(AskConsent.method, () => ({ granted }));
    setup_.engine.runs = (_operation, _input, { consent }) => consent({ title: "t", detail: "d", action: "a" });
    expect(await run(setup_, "explain", {})).toEqual({ ok: true, output: expected });
  });

  test("consent that nobody can give is no", async () => {
    const setup_ = await setup();
    setup_.engine.runs = (_operation, _input, { consent }) => consent({ title: "t", detail: "d", action: "a" });
    expect(await run(setup_, "explain", {})).toEqual({ ok: true, output: false });
  });

  test("a password travels encrypted, each time to another key", async () => {
    const { client, engine } = await setup();
    const seen: string[] = [];
    client.connection.onRequest(GetPassword.method, ({ publicKey }: GetPassword.Params): GetPassword.Result => {
      const key = { key: publicKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
      const encrypted = publicEncrypt(key, Buffer.from("sécret", "utf8")).toString("base64");
      seen.push(publicKey);
      return { encrypted };
    });
    const question = { connection: "a", target: "t", rejected: false };
    expect(await engine.host.password(question)).toBe("sécret");
    expect(await engine.host.password(question)).toBe("sécret");
    expect(new Set(seen).size).toBe(2);
  });

  test("a connection without a password has none", async () => {
    const { client, engine } = await setup();
    client.connection.onRequest(GetPassword.method, () => ({}));
    expect(await engine.host.password({ connection: "a", target: "t", rejected: false })).toBeUndefined();
  });

  test("connections reach the engine with the workspace's trust; what cannot be read is dropped", async () => {
    const { client, engine } = await setup();
    const send = (params: unknown) => client.connection.sendNotification(ConnectionsChanged.method, params as object);
    await send({ connections: [{ id: "a", name: "live" }], trusted: false });
    await send({ connections: "nonsense", trusted: true });
    await client.open(file, "");
    await client.diagnostics(file);
    expect(engine.connections).toEqual([{ names: ["live"], trusted: false }]);
    expect(client.logged.join("\n")).toContain("cannot be read");
  });
});

test("folders that come are looked at, with the open documents' text", async () => {
  const { client, engine } = await setup();
  client.connection.onRequest("workspace/workspaceFolders", () => [
    { uri: uri("/project"), name: "a" },
    { uri: uri("/other"), name: "b" },
  ]);
  await client.connection.sendNotification("workspace/didChangeWorkspaceFolders", {
    event: { added: [{ uri: uri("/other"), name: "b" }], removed: [] },
  });
  await expect.poll(() => engine.folders).toEqual(["/project", "/other"]);
});
