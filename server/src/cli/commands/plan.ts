import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { OptimizerError } from "#protocol/failure";
import { maskExplained } from "#protocol/masking/maskExplained";
import type { PlanPlace } from "#protocol/operations";
import type { Plan } from "#protocol/plan";
import { sharePage } from "#protocol/sharePage";
import { comparisonJson, comparisonText, oneLine, plain, planJson, planText, type PlansRead, type Style } from "../../report/index.js";
import { writeAtomically } from "../../operations/index.js";
import { assetPath } from "../../workspace/index.js";
import type { Environment } from "../environment.js";
import { exit } from "../exit.js";
import { readInput } from "../input.js";
import { withSession, type Session } from "../session.js";

export interface PlanFlags {
  readonly compare?: string;
  /** From 1. */
  readonly plan?: number;
  readonly mask?: boolean;
  readonly output?: string;
  readonly format: "text" | "json" | "html";
}

export async function plan(environment: Environment, given: string, flags: PlanFlags): Promise<number> {
  const { compare, format, output } = flags;
  if (given === "-" && compare === "-")
    throw usage("Only one of two plans can come from standard input.", "Give a file for the other one.");
  if (compare !== undefined && format === "html") throw usage("A comparison has no HTML form.", "Give --format text or json.");
  return withSession(environment, {}, async (session) => {
    const style = output === undefined ? session.style : plain;
    const place = await placeOf(given, environment);
    const text =
      compare === undefined
        ? printed(chosen(await readPlans(session, place), flags), given, format, style)
        : await printedComparison(session, place, await placeOf(compare, environment), format, style);
    if (output === undefined) await session.print(text);
    else {
      await writeAtomically(resolve(environment.cwd, output), `${text}\n`);
      await session.note(`Wrote ${output}.`);
    }
    return exit.clean;
  });
}

async function readPlans(session: Session, place: PlanPlace): Promise<PlansRead> {
  const reading = await session.run("readPlan", { place });
  for (const { message, line } of reading.problems)
    await session.note(`${session.style.yellow("warning")}: line ${line}: ${oneLine(message)}`);
  return reading;
}

function chosen({ plans, problems }: PlansRead, { plan: number, mask }: PlanFlags): PlansRead {
  if (number !== undefined && number > plans.length) {
    throw usage(`There is no plan ${number}: the text holds ${plans.length}.`, `Give --plan 1 to ${plans.length}.`);
  }
  const some = number === undefined ? plans : [plans[number - 1]!];
  // What could not be read is told with words of the text.
  return mask ? { plans: some.map(masked), problems: [] } : { plans: some, problems };
}

function printed(reading: PlansRead, name: string, format: PlanFlags["format"], style: Style): string {
  const { plans } = reading;
  switch (format) {
    case "json":
      return JSON.stringify(planJson(reading), null, 2);
    case "html":
      if (plans.length > 1)
        throw usage(`${name} holds ${plans.length} plans; a page shows one.`, `Say which one: --plan 1 to ${plans.length}.`);
      return sharePage(readFileSync(assetPath("webview/share.html"), "utf8"), { type: "explain", result: shown(plans[0]!) });
    case "text":
      return plans
        .map((one, index) => (plans.length > 1 ? `${style.bold(`Plan ${index + 1} of ${plans.length}`)}\n` : "") + planText(one, style))
        .join("\n\n");
  }
}

const shown = (one: Plan) => ({ sql: one.queryText ?? "", plan: one, suggestions: [], notes: [] });
const masked = (one: Plan): Plan => maskExplained(shown(one), { names: true, literals: true }).plan;

async function printedComparison(
  session: Session,
  before: PlanPlace,
  after: PlanPlace,
  format: PlanFlags["format"],
  style: Style,
): Promise<string> {
  const result = await session.run("comparePlans", { before, after });
  if (format === "json") return JSON.stringify(comparisonJson(result.before, result.after, result.comparison), null, 2);
  return comparisonText(result.comparison, style);
}

async function placeOf(given: string, environment: Environment): Promise<PlanPlace> {
  if (given !== "-") return { file: resolve(environment.cwd, given) };
  return { text: await readInput(environment, 256, "Give one plan, or a part of the log.") };
}

function usage(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}
