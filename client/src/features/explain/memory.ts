import type { ParameterAnswers } from "./request.js";

/** Newest first. */
export type Memory = readonly { readonly key: string; readonly answers: ParameterAnswers }[];

const bound = 200;

export function remember(memory: Memory, key: string, answers: ParameterAnswers): Memory {
  return [{ key, answers }, ...memory.filter((entry) => entry.key !== key)].slice(0, bound);
}

/** Undefined where nothing is known, or what is known does not fit the number of placeholders any more. */
export function recall(memory: Memory, key: string, parameters: number): ParameterAnswers | undefined {
  const answers = memory.find((entry) => entry.key === key)?.answers;
  return answers?.kind === "values" && answers.values.length !== parameters ? undefined : answers;
}
