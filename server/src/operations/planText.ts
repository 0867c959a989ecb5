import { readFile, stat } from "node:fs/promises";
import { OptimizerError } from "#protocol/failure";
import type { PlanPlace } from "#protocol/operations";
import type { Plan } from "#protocol/plan";
import type { PlanHistory } from "../history/index.js";
import { planInsights, readPlans, type PlansReading } from "../plan/index.js";

/** A plan of ten thousand nodes takes 15 MB of JSON; what is this long is no plan, or a log that should be cut first. */
const longest = 256 * 1024 * 1024;

/**
 * The plans at a place, with their insights.
 * @throws OptimizerError where there is none, or the file cannot be read
 */
export async function plansAt(place: PlanPlace, history: PlanHistory): Promise<PlansReading> {
  const { name, text } = await textAt(place, history);
  const reading = readPlans(text);
  if (reading.plans.length === 0) throw noPlan(name, reading);
  return { plans: reading.plans.map(withInsights), problems: reading.problems };
}

const withInsights = (plan: Plan): Plan => ({ ...plan, insights: [...planInsights(plan)] });

async function textAt(place: PlanPlace, history: PlanHistory): Promise<{ name: string; text: string }> {
  if ("file" in place) return { name: place.file, text: await textOf(place.file) };
  if ("text" in place) return { name: "The text", text: place.text };
  const text = await history.plan(place.run);
  if (text !== undefined) return { name: "The kept plan", text };
  throw new OptimizerError({
    kind: "usage",
    message: "The plan is not kept any more.",
    advice: "Older plans make room for newer ones; the setting dbOptimize.history.plans says how many stay.",
  });
}

async function textOf(file: string): Promise<string> {
  try {
    const { size } = await stat(file);
    if (size > longest) throw new Error(`it has ${Math.round(size / 1024 ** 2)} MB`);
    return await readFile(file, "utf8");
  } catch (error) {
    throw new OptimizerError({
      kind: "usage",
      message: `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      advice: "Name a file with what EXPLAIN has written.",
    });
  }
}

function noPlan(name: string, { problems: [first] }: PlansReading): OptimizerError {
  return new OptimizerError({
    kind: "usage",
    message: `${name}: ${first?.message ?? "There is no plan."}${first ? ` (line ${first.line})` : ""}`,
    advice: "Give what EXPLAIN or EXPLAIN (ANALYZE, BUFFERS) has printed, as text, JSON, YAML or XML.",
  });
}
