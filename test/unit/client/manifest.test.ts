import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { defaults } from "../../../server/src/lsp/settings.js";
import { bundle } from "../../../scripts/l10n.mjs";

const root = resolve(import.meta.dirname, "../../..");
const read = (name: string): string => readFileSync(join(root, name), "utf8");

interface Manifest {
  contributes: {
    commands: { command: string; category: string }[];
    menus: Record<string, { command: string; when?: string }[]>;
    views: Record<string, { id: string; icon: string }[]>;
    viewsWelcome: { view: string; when: string; contents: string }[];
    walkthroughs: { steps: { media: { svg: string } }[] }[];
    configuration: { properties: Record<string, { default: unknown }> };
  };
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  icon: string;
}
const text = read("package.json");
const manifest = JSON.parse(text) as Manifest;
const nls = JSON.parse(read("package.nls.json")) as Record<string, string>;
const client = readdirSync(join(root, "client/src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => read(join("client/src", name)))
  .join("\n");
const { contributes } = manifest;
const commands = new Set(contributes.commands.map(({ command }) => command));

describe("the manifest agrees with the code", () => {
  test.each([...commands])("command %s is registered", (command) => expect(client).toContain(`"${command}"`));

  test("every command that the code registers is declared", () => {
    const registered = [...client.matchAll(/commands\.register\(\s*"([^"]+)"/g)].map(([, id]) => id);
    expect(registered.filter((id) => !commands.has(id!))).toEqual([]);
  });

  test("menus and links name declared commands", () => {
    const inMenus = Object.values(contributes.menus).flatMap((items) => items.map(({ command }) => command));
    const inLinks = Object.values(nls).flatMap((value) => [...value.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id!));
    const own = [...inMenus, ...inLinks].filter((id) => id.startsWith("dbOptimize.") && !id.endsWith(".focus"));
    expect(own.filter((id) => !commands.has(id))).toEqual([]);
  });

  test("context keys of `when` clauses are set by the code", () => {
    const used = [...text.matchAll(/(?<!config\.|view == )\bdbOptimize\.\w+(?= ==|"| &&|\))/g)].map(([key]) => key);
    const views = Object.values(contributes.views).flatMap((list) => list.map(({ id }) => id));
    const keys = [...new Set(used)].filter((key) => text.includes(`!${key}`) || text.includes(`${key} ==`));
    expect(keys.filter((key) => !views.includes(key) && !client.includes(`"${key}"`))).toEqual([]);
  });

  test.each(Object.entries(defaults))("setting %s has the server's default", (key, value) => {
    expect(contributes.configuration.properties[`dbOptimize.${key}`]?.default).toEqual(value);
  });

  test("all that leads to a database is restricted until the workspace is trusted", () => {
    expect(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations).toContain("dbOptimize.connections");
  });
});

test("texts of the manifest: each is used, each used one is there", () => {
  const used = new Set([...text.matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));
  expect([...used].filter((key) => !(key! in nls))).toEqual([]);
  expect(Object.keys(nls).filter((key) => !used.has(key))).toEqual([]);
});

test("pictures are there", () => {
  const icons = Object.values(contributes.views).flatMap((list) => list.map(({ icon }) => icon));
  const pictures = contributes.walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
  expect([...icons, ...pictures, manifest.icon].filter((name) => !existsSync(join(root, name)))).toEqual([]);
});

test("l10n/bundle.l10n.json holds every text of the client: run node scripts/l10n.mjs", () => {
  expect(read("l10n/bundle.l10n.json")).toBe(bundle());
});
