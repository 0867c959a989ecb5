import { readFile, stat } from "node:fs/promises";
import { OptimizerError } from "#protocol/failure";
import type { PlanPlace } from "#protocol/operations";
import type { Plan } from "#protocol/plan";
import { planFromJson, planInsights } from "../plan/index.js";

interface PlansReading {
  readonly plans: readonly Plan[];
  readonly problems: readonly { message: string; line: number }[];
}
function readPlans(text: string): PlansReading {
  const { plan, problem } = planFromJson(text);
  return plan ? { plans: [plan], problems: [] } : { plans: [], problems: [{ message: problem!, line: 1 }] };
}

/** A plan of ten thousand nodes takes 15 MB of JSON; what is this long is no plan, or a log that should be cut first. */
const longest = 256 * 1024 * 1024;

/**
 * The plans at a place, with their insights.
 * @throws OptimizerError where there is none, or the file cannot be read
 */
export async function plansAt(place: PlanPlace): Promise<PlansReading> {
  const name = "file" in place ? place.file : "The text";
  const reading = readPlans("file" in place ? await textOf(place.file) : place.text);
  if (reading.plans.length === 0) throw noPlan(name, reading);
  return { plans: reading.plans.map(withInsights), problems: reading.problems };
}

const withInsights = (plan: Plan): Plan => ({ ...plan, insights: [...planInsights(plan)] });

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
  const why = first ? ` ${first.message} (line ${first.line})` : "";
  return new OptimizerError({
    kind: "usage",
    message: `${name} holds no plan.${why}`,
    advice: "Give what EXPLAIN or EXPLAIN (ANALYZE, BUFFERS) has printed, as text, JSON, YAML or XML.",
  });
}
