import type { JitFigures } from "#protocol/plan";
import { isObject, numberAt, objectAt, type JsonObject } from "./json.js";

/** The JIT group of a plan, where leader and workers are summed, or of one worker. From 17 on generation is an object with its part for deforming. */
export function readJit(jit: JsonObject | undefined): JitFigures | undefined {
  if (!jit) return undefined;
  const timing = objectAt(jit, "Timing") ?? {};
  const generation = timing["Generation"];
  const parts = isObject(generation) ? generation : undefined;
  return {
    functions: numberAt(jit, "Functions") ?? 0,
    options: Object.entries(objectAt(jit, "Options") ?? {}).map(([name, on]) => ({ name, on: on === true })),
    generationMs: parts ? numberAt(parts, "Total") : numberAt(timing, "Generation"),
    deformMs: parts ? numberAt(parts, "Deform") : undefined,
    inliningMs: numberAt(timing, "Inlining"),
    optimizationMs: numberAt(timing, "Optimization"),
    emissionMs: numberAt(timing, "Emission"),
    totalMs: numberAt(timing, "Total"),
  };
}
