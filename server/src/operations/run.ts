import type { z } from "zod";
import { OptimizerError } from "#protocol/failure";
import type { OperationInput, OperationName, OperationOutput } from "#protocol/operations";
import type { Operation, OperationContext } from "./operation.js";
import { operations } from "./list.js";

/**
 * Runs the operation of that name on whatever a front door was given.
 * @throws OptimizerError for all that a person can mend; anything else is a defect.
 */
export async function runOperation<N extends OperationName>(
  name: N,
  input: OperationInput<N>,
  context: OperationContext,
): Promise<OperationOutput<N>>;
export async function runOperation(name: string, input: unknown, context: OperationContext): Promise<unknown>;
export async function runOperation(name: string, input: unknown, context: OperationContext): Promise<unknown> {
  const found: Operation | undefined = operations.find((operation) => operation.contract.name === name);
  if (!found) {
    const names = operations.map((operation) => operation.contract.name).join(", ");
    throw new OptimizerError({ kind: "usage", message: `There is no operation "${name}".`, advice: `Allowed: ${names}.` });
  }
  const parsed = found.contract.input.safeParse(input ?? {});
  if (!parsed.success) throw badInput(name, parsed.error, input);
  context.signal.throwIfAborted();
  return found.run(parsed.data, context);
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
