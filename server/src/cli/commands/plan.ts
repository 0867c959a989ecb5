import { resolve } from "node:path";
import { OptimizerError } from "#protocol/failure";
import type { PlanPlace } from "#protocol/operations";
import { comparisonJson, comparisonText, oneLine, planJson, planText } from "../../report/index.js";
import type { Environment } from "../environment.js";
import { exit } from "../exit.js";
import { readInput } from "../input.js";
import { withSession, type Session } from "../session.js";

export interface PlanFlags {
  readonly compare?: string;
  readonly format: "text" | "json";
}

export async function plan(environment: Environment, given: string, { compare, format }: PlanFlags): Promise<number> {
  if (given === "-" && compare === "-") {
    throw new OptimizerError({
      kind: "usage",
      message: "Only one of two plans can come from standard input.",
      advice: "Give a file for the other one.",
    });
  }
  return withSession(environment, {}, async (session) => {
    const place = await placeOf(given, environment);
    if (compare === undefined) await printPlans(session, place, format);
    else await printComparison(session, place, await placeOf(compare, environment), format);
    return exit.clean;
  });
}

async function printPlans(session: Session, place: PlanPlace, format: PlanFlags["format"]): Promise<void> {
  const reading = await session.run("readPlan", { place });
  if (format === "json") return session.print(JSON.stringify(planJson(reading), null, 2));
  const { plans, problems } = reading;
  for (const [index, one] of plans.entries()) {
    if (plans.length > 1) await session.print(session.style.bold(`${index > 0 ? "\n" : ""}Plan ${index + 1} of ${plans.length}`));
    await session.print(planText(one, session.style));
  }
  for (const { message, line } of problems) await session.note(`${session.style.yellow("warning")}: line ${line}: ${oneLine(message)}`);
}

async function printComparison(session: Session, before: PlanPlace, after: PlanPlace, format: PlanFlags["format"]): Promise<void> {
  const result = await session.run("comparePlans", { before, after });
  if (format === "json") return session.print(JSON.stringify(comparisonJson(result.before, result.after, result.comparison), null, 2));
  await session.print(comparisonText(result.comparison, session.style));
}

async function placeOf(given: string, environment: Environment): Promise<PlanPlace> {
  if (given !== "-") return { file: resolve(environment.cwd, given) };
  return { text: await readInput(environment, 256, "Give one plan, or a part of the log.") };
}
