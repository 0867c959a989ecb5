import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { AskConsent } from "#protocol/messages";
import { askOnTerminal } from "../../../server/src/cli/consent.js";
import type { Environment } from "../../../server/src/cli/environment.js";

const question: AskConsent.Params = { title: "Run it?", detail: "UPDATE orders on shop", action: "Run" };
const production = { ...question, typeToConfirm: "Shop (live)" };

/** What a person types, or undefined where nobody sits before the terminal. The end of the input is the person leaving. */
async function checkAnswer(asked: AskConsent.Params, typed: string | undefined, granted: boolean) {
  const stdin = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  const stderr = Object.assign(new PassThrough(), { isTTY: typed !== undefined });
  const environment = { stdin, stderr, signal: new AbortController().signal } as unknown as Environment;
  stdin.end(typed ?? "y\n");
  expect(await askOnTerminal(environment, () => undefined)(asked)).toBe(granted);
  const shown = String(stderr.read() ?? "");
  for (const part of typed === undefined ? [] : [asked.title, asked.detail, asked.typeToConfirm ?? "[y/N]"]) expect(shown).toContain(part);
}

test.each<[string, AskConsent.Params, string | undefined, boolean]>([
  ["yes", question, "y\n", true],
  ["yes in full", question, "Yes\n", true],
  ["no", question, "n\n", false],
  ["nothing but Enter", question, "\n", false],
  ["something else", question, "sure\n", false],
  ["the end of the input", question, "", false],
  ["nobody there", question, undefined, false],
  ["the name", production, "Shop (live)\n", true],
  ["yes is not the name", production, "y\n", false],
  ["another case", production, "shop (live)\n", false],
  ["the end of the input for a name", production, "", false],
])("%s", (_, ...checked) => checkAnswer(...checked));
