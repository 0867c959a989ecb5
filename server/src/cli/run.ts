import { CommanderError } from "commander";
import { coloured, plain } from "../report/index.js";
import { type Environment, wantsColour, write } from "./environment.js";
import { endingOf } from "./failure.js";
import { codeOfCommander, program, type Outcome } from "./program.js";

/** Runs one command line and resolves with its exit code. Never throws; whatever it opened is closed when it resolves. */
export async function runCli(args: readonly string[], environment: Environment): Promise<number> {
  const outcome: Outcome = { code: 0 };
  try {
    await program(environment, outcome).parseAsync(args, { from: "user" });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError) return codeOfCommander(error);
    const style = wantsColour(environment) && environment.stderr.isTTY ? coloured : plain;
    const ending = endingOf(error, environment.signal, style);
    await write(environment.stderr, ending.text);
    return ending.code;
  }
}
