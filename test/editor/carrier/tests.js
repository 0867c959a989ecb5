// In the extension host, with the real API: what a person cannot see on the screen. Order matters: the first one measures activation.
const assert = require("node:assert/strict");
const { join } = require("node:path");
const { performance } = require("node:perf_hooks");

const id = "db-performance-optimizer.db-performance-optimizer";
const nPlusOne = `from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Order


def names(session: Session) -> list[str]:
    result = []
    for order in session.scalars(select(Order)):
        result.append(order.customer.name)
    return result
`;

/** @param vscode the API; given, so that the names of the tests can be read where there is none. */
exports.inHostTests = function inHostTests(vscode) {
  const extension = () => vscode.extensions.getExtension(id) ?? assert.fail(`${id} is not installed`);
  const root = () => vscode.workspace.workspaceFolders[0].uri;
  const sourceFile = (...path) => vscode.Uri.joinPath(root(), ...path);

  async function eventually(what, read) {
    const deadline = Date.now() + 45_000;
    for (;;) {
      const value = await read();
      if (value) return value;
      if (Date.now() > deadline) assert.fail(`did not happen: ${what}`);
      await new Promise((done) => setTimeout(done, 200));
    }
  }

  const own = (uri) =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source?.includes("DB Optimize") || source === "db-optimize");
  const codeOf = ({ code }) => (typeof code === "object" ? code.value : code);
  const lazyLoads = (uri) => own(uri).filter((diagnostic) => codeOf(diagnostic) === "lazy-load-per-row");

  const inTemplate = (uri) => own(uri).filter((diagnostic) => codeOf(diagnostic) === "lazy-load-in-template");

  async function openTemplate() {
    const document = await vscode.workspace.openTextDocument(sourceFile("shop/templates/shipping_digest.html"));
    await vscode.window.showTextDocument(document);
    return document;
  }

  async function scratch(name, language, content) {
    const uri = sourceFile(name);
    await vscode.workspace.fs.writeFile(uri, Buffer.from(content));
    const document = await vscode.workspace.openTextDocument(uri);
    assert.equal(document.languageId, language);
    await vscode.window.showTextDocument(document);
    return uri;
  }

  return [
    [
      "activates by itself when asked",
      async (figures) => {
        assert.equal(extension().isActive, false, "it was active before anything needed it");
        const start = performance.now();
        await extension().activate();
        figures.activationMs = Math.round((performance.now() - start) * 10) / 10;
      },
    ],
    [
      "registers every command of its manifest",
      async () => {
        const known = new Set(await vscode.commands.getCommands(true));
        const declared = extension().packageJSON.contributes.commands.map(({ command }) => command);
        assert.ok(declared.length > 0);
        assert.deepEqual(
          declared.filter((command) => !known.has(command)),
          [],
        );
      },
    ],
    [
      "marks an N+1 and links its rule",
      async () => {
        const uri = await scratch("shop/in_host_check.py", "python", nPlusOne);
        const [found] = await eventually("a diagnostic lazy-load-per-row", () => {
          const all = lazyLoads(uri);
          return all.length > 0 && all;
        });
        const document = await vscode.workspace.openTextDocument(uri);
        assert.match(document.getText(found.range), /customer/);
        assert.equal(found.range.start.line, 9);
        assert.ok(found.code.target, "the rule's name links to its page");
      },
    ],
    [
      "mends it by one preferred edit that makes the finding go away",
      async () => {
        const uri = sourceFile("shop/in_host_check.py");
        const [found] = lazyLoads(uri);
        const actions = await vscode.commands.executeCommand(
          "vscode.executeCodeActionProvider",
          uri,
          found.range,
          vscode.CodeActionKind.QuickFix.value,
          20,
        );
        const fix = actions.find(({ isPreferred, edit }) => isPreferred && edit);
        assert.ok(fix, `no preferred fix among: ${actions.map(({ title }) => title).join("; ")}`);
        assert.ok(await vscode.workspace.applyEdit(fix.edit));
        const document = await vscode.workspace.openTextDocument(uri);
        assert.match(document.getText(), /\.options\((joinedload|selectinload)\(Order\.customer\)\)/);
        assert.match(document.getText(), /import .*\b(joinedload|selectinload)\b/);
        await document.save();
        await eventually("the diagnostic is gone", () => lazyLoads(uri).length === 0);
      },
    ],
    [
      "marks an N+1 in a template and names the query in the Python file",
      async () => {
        const document = await openTemplate();
        const [found] = await eventually("a diagnostic lazy-load-in-template", () => inTemplate(document.uri));
        assert.equal(document.getText(found.range), "order.customer");
        assert.ok(found.code.target, "the rule's name links to its page");
        const places = found.relatedInformation.map(({ location }) => vscode.workspace.asRelativePath(location.uri));
        assert.ok(places.includes("shop/services/mailing.py"), places.join());
      },
    ],
    [
      "looks at a template's text before it is saved",
      async (figures) => {
        const { uri } = await openTemplate();
        const times = [];
        for (let round = 0; round < 10; round++) {
          const before = inTemplate(uri).length;
          const wanted = round % 2 === 0 ? before - 1 : before + 1;
          const changed = new Promise((done) => {
            const listener = vscode.languages.onDidChangeDiagnostics(() => {
              if (inTemplate(uri).length !== wanted) return;
              listener.dispose();
              done(performance.now());
            });
          });
          const start = performance.now();
          const edit = new vscode.WorkspaceEdit();
          const [old, text] = round % 2 === 0 ? ["order.customer.full_name", "order.number"] : ["order.number", "order.customer.full_name"];
          const document = await vscode.workspace.openTextDocument(uri);
          const at = document.getText().indexOf(old);
          edit.replace(uri, new vscode.Range(document.positionAt(at), document.positionAt(at + old.length)), text);
          assert.ok(await vscode.workspace.applyEdit(edit));
          times.push(Math.round((await changed) - start));
        }
        figures.templateEditMs = times.sort((a, b) => a - b)[times.length / 2];
        figures.templateEditWorstMs = times.at(-1);
      },
    ],
    [
      "mends it in the Python file, also without opening that",
      async () => {
        const { uri } = await openTemplate();
        const [found] = await eventually("the diagnostic again", () => inTemplate(uri));
        const kind = vscode.CodeActionKind.QuickFix.value;
        const actions = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", uri, found.range, kind, 20);
        const fix = actions.find(({ title }) => title.includes("joinedload(Order.customer)") && title.includes("in mailing.py"));
        assert.ok(fix?.edit, `no such fix among: ${actions.map(({ title }) => title).join("; ")}`);
        assert.deepEqual(
          fix.edit.entries().map(([file]) => vscode.workspace.asRelativePath(file)),
          ["shop/services/mailing.py"],
        );
        assert.ok(await vscode.workspace.applyEdit(fix.edit));
        await eventually("the diagnostic is gone", () => inTemplate(uri).every(({ message }) => !message.includes("Order.customer")));
      },
    ],
    [
      "offers to explain the statements of a SQL file",
      async () => {
        const uri = await scratch(
          "in_host_check.sql",
          "sql",
          "SELECT name FROM products WHERE id = :id;\n\nSELECT count(*) FROM orders;\n",
        );
        const lenses = await eventually("code lenses", async () => {
          const all = await vscode.commands.executeCommand("vscode.executeCodeLensProvider", uri, 20);
          return all?.length >= 4 && all;
        });
        assert.deepEqual([...new Set(lenses.map(({ range }) => range.start.line))], [0, 2]);
        assert.deepEqual([...new Set(lenses.map(({ command }) => command.command))], ["dbOptimize.explainStatement"]);
      },
    ],
    [
      "follows a changed setting without a restart",
      async () => {
        const uri = await scratch("in_host_setting.sql", "sql", "SELECT * FROM products;\n");
        const starred = () => own(uri).filter((diagnostic) => codeOf(diagnostic) === "select-star").length;
        await eventually("select-star is reported", () => starred() > 0);
        const settings = vscode.workspace.getConfiguration("dbOptimize", uri);
        await settings.update("rules", { "select-star": "off" }, vscode.ConfigurationTarget.Workspace);
        await eventually("select-star is silent", () => starred() === 0);
        await settings.update("rules", undefined, vscode.ConfigurationTarget.Workspace);
        await eventually("select-star is reported again", () => starred() > 0);
      },
    ],
    [
      "keeps and forgets secrets",
      async () => {
        const carrier = vscode.extensions.getExtension("db-performance-optimizer-tests.carrier");
        const { secrets } = await carrier.activate();
        await secrets.store("password", "s3cret µ");
        assert.equal(await secrets.get("password"), "s3cret µ");
        await secrets.delete("password");
        assert.equal(await secrets.get("password"), undefined);
      },
    ],
    [
      "leaves the language ids to others and brings what it needs",
      async () => {
        const { contributes } = extension().packageJSON;
        assert.equal(contributes.languages, undefined);
        const files = await vscode.workspace.fs.readDirectory(vscode.Uri.file(join(extension().extensionPath, "dist")));
        const names = files.map(([name]) => name);
        for (const needed of ["extension.cjs", "server.js", "worker.js", "libpg-query.wasm", "webview"])
          assert.ok(names.includes(needed), needed);
      },
    ],
  ];
};
