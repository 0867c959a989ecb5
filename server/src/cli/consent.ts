import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import type { AskConsent } from "#protocol/messages";
import { printable } from "../report/index.js";
import type { Environment } from "./environment.js";

/** Asks on the terminal. Where nobody can be asked (a pipe, CI) the answer is "no". Questions are asked one after the other. */
export function askOnTerminal(environment: Environment, beforeAsking: () => void): (question: AskConsent.Params) => Promise<boolean> {
  let last: Promise<unknown> = Promise.resolve();
  return (question) => {
    const answer = last.then(() => ask(environment, beforeAsking, question));
    last = answer.catch(() => undefined);
    return answer;
  };
}

async function ask(environment: Environment, beforeAsking: () => void, question: AskConsent.Params): Promise<boolean> {
  const { stdin, stderr, signal } = environment;
  if (!stdin.isTTY || !stderr.isTTY || signal.aborted) return false;
  beforeAsking();
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    stderr.write(`\n${printable(question.title)}\n${printable(question.detail)}\n`);
    const wanted = question.typeToConfirm;
    const prompt = wanted ? `Type ${printable(wanted)} to ${printable(question.action)}: ` : `${printable(question.action)}? [y/N] `;
    // Who closes the input (Ctrl+D) has not said yes, and the question itself would never be answered.
    const gone = once(lines, "close").then(() => "");
    const answer = (await Promise.race([lines.question(prompt, { signal }), gone])).trim();
    return wanted ? answer === wanted : /^y(es)?$/i.test(answer);
  } finally {
    lines.close();
  }
}
