import { OptimizerError } from "#protocol/failure";
import { count } from "../report/index.js";
import { problemOfValue } from "#protocol/parameterProblem";
import type { LocatedStatement, ParameterValue } from "#protocol/statement";

/**
 * Values of `--param` in the order of `$1`, `$2`, …: by position, or as name=value where the statement names its placeholders.
 * @throws OptimizerError (usage) that names what is missing or too much
 */
export function valuesOf(statement: Pick<LocatedStatement, "parameters">, given: readonly string[]): readonly ParameterValue[] {
  const { parameters } = statement;
  const names = new Map(parameters.flatMap(({ name, position }) => (name === undefined ? [] : [[name, position] as const])));
  const values = new Map<number, ParameterValue>();
  const unnamed: string[] = [];
  for (const text of given) {
    const named = /^:?([A-Za-z_]\w*)=([\s\S]*)$/.exec(text);
    const position = named ? names.get(named[1]!) : undefined;
    if (named && position !== undefined) values.set(position, valueOf(named[2]!));
    else unnamed.push(text);
  }
  const free = parameters.map(({ position }) => position).filter((position) => !values.has(position));
  if (unnamed.length > free.length) {
    throw usage(
      `${count(given.length, "value")} ${given.length === 1 ? "was" : "were"} given for ${count(parameters.length, "placeholder")}.`,
      names.size > 0 ? `Its placeholders: ${[...names.keys()].join(", ")}.` : "Give one --param for each placeholder.",
    );
  }
  for (const [i, text] of unnamed.entries()) values.set(free[i]!, valueOf(text));
  const missing = parameters.filter(({ position }) => !values.has(position));
  if (missing.length > 0) {
    const list = missing.map(({ name, position }) => (name === undefined ? `$${position}` : name)).join(", ");
    throw usage(
      `These placeholders have no value: ${list}.`,
      "Give --param VALUE for each (or name=value), or plan without values with --generic.",
    );
  }
  checkTypes(parameters, values);
  return [...values].sort(([a], [b]) => a - b).map(([, value]) => value);
}

/** As far as the statement itself says the types; the server knows the others. */
function checkTypes(parameters: LocatedStatement["parameters"], values: ReadonlyMap<number, ParameterValue>): void {
  for (const { position, name, sqlType, many } of parameters) {
    const value = values.get(position) ?? null;
    const problem = problemOfValue(value, sqlType, many);
    if (problem !== undefined)
      throw usage(`The value ${value ?? "NULL"} of ${name ?? `$${position}`} ${problem}.`, "Correct it in --param.");
  }
}

/** `\N`, as COPY writes it, is NULL; a text of these two letters cannot be given. */
function valueOf(text: string): ParameterValue {
  return text === "\\N" ? null : text;
}

function usage(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}
