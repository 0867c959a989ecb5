import type { z } from "zod";
import { OptimizerError } from "#protocol/failure";
import type { OperationInput, OperationName, OperationOutput } from "#protocol/operations";
import type { Operation, OperationContext } from "./operation.js";
import { operations } from "./list.js";

export type RunInput<N extends string> = N extends OperationName ? OperationInput<N> : unknown;
export type RunOutput<N extends string> = N extends OperationName ? OperationOutput<N> : unknown;

/**
 * Runs the operation of that name on whatever a front door was given. Typed where the name is known when compiling.
 * @throws OptimizerError for all that a person can mend; anything else is a defect.
 */
export async function runOperation<N extends string>(name: N, input: RunInput<N>, context: OperationContext): Promise<RunOutput<N>> {
  const found: Operation | undefined = operations.find((operation) => operation.contract.name === name);
  if (!found) {
    const names = operations.map((operation) => operation.contract.name).join(", ");
    throw new OptimizerError({ kind: "usage", message: `There is no operation "${name}".`, advice: `Allowed: ${names}.` });
  }
  const parsed = found.contract.input.safeParse(input ?? {});
  if (!parsed.success) throw badInput(name, parsed.error, input);
  context.signal.throwIfAborted();
  return (await found.run(parsed.data, context)) as RunOutput<N>;
}

function badInput(operation: string, error: z.ZodError, input: unknown): OptimizerError {
  const issue = error.issues[0]!;
  const field = issue.path.join(".") || "input";
  const given = issue.path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
  const shown = given === undefined ? "missing" : JSON.stringify(given).slice(0, 80);
  return new OptimizerError({
    kind: "usage",
    message: `"${field}" of ${operation} is ${shown}, which cannot be used.`,
    advice: "values" in issue ? `Allowed: ${(issue.values as unknown[]).map(String).join(", ")}.` : `${issue.message}.`,
  });
}
