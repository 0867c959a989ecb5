import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Plan } from "../../../server/src/protocol/plan.js";
import { planCases } from "../../database/plans/queries.js";
import { untruths } from "../../database/plans/truths.js";
import { recorded, recordedJson } from "./fixtures.js";
import { violations } from "./laws.js";
import { scenarios } from "./scenarios.js";

/** One plan with everything that must hold of it: told where it does not. */
export interface CorpusCase {
  readonly name: string;
  readonly json: string;
  readonly wrong: (plan: Plan) => readonly string[];
}

const folder = resolve(import.meta.dirname, "../../fixtures/plans/cases");
const known = new Map(planCases.map((planCase) => [planCase.name, planCase]));

function casesOf(major: number): readonly CorpusCase[] {
  const documents = JSON.parse(readFileSync(resolve(folder, `pg${major}.json`), "utf8")) as Record<string, unknown>;
  return Object.entries(documents).map(([name, document]) => ({
    name: `${major} ${name}`,
    json: JSON.stringify(document),
    wrong: (plan) => [...violations(plan), ...untruths(plan, known.get(name) ?? { name, sql: "" })],
  }));
}

/** Hand-made plans first: they are small and each is about one rule. */
export const corpus: readonly CorpusCase[] = [
  ...scenarios.map(({ name, json, wrong }) => ({ name, json, wrong: (plan: Plan) => [...violations(plan), ...wrong(plan)] })),
  ...[18, 13].flatMap(casesOf),
  ...recorded.map((name) => ({ name, json: recordedJson(name), wrong: violations })),
];
