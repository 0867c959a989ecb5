import type { Plan } from "#protocol/plan";
import { planFromJson, planOfDocument } from "../readPlan.js";
import type { Problem } from "./document.js";
import { sourceLines } from "./lines.js";
import { readText } from "./text/reader.js";

export interface PlansReading {
  readonly plans: readonly Plan[];
  readonly problems: readonly Problem[];
}

/** Reads every plan in a text: any format of EXPLAIN, in whatever it was copied from. Never throws. */
export function readPlans(source: string): PlansReading {
  const start = source.trimStart()[0];
  if (start === "[" || start === "{") {
    const { plan, problem } = planFromJson(source);
    return plan ? { plans: [plan], problems: [] } : { plans: [], problems: [{ message: problem, line: 1 }] };
  }
  const lines = sourceLines(source);
  const { documents, problems } = readText(lines);
  return { plans: documents.map((document) => planOfDocument(document, source)), problems };
}
