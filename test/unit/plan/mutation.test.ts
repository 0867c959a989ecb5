import { describe, expect, it } from "vitest";
import { corpus } from "./corpus.js";
import { mutant, type Reader } from "./mutants.js";
import { mutations } from "./mutations.js";

/** The first plan of which something no longer holds. */
function catcher(reader: Reader): string | undefined {
  for (const { name, json, wrong } of corpus) {
    const found = violationsOf(reader, json, wrong);
    if (found !== undefined) return `${name}: ${found}`;
  }
  return undefined;
}

function violationsOf(reader: Reader, json: string, wrong: (typeof corpus)[number]["wrong"]): string | undefined {
  try {
    const { plan, problem } = reader(json);
    return plan ? wrong(plan)[0] : problem;
  } catch (error) {
    return String(error);
  }
}

describe("a broken rule is noticed:", () => {
  it("none is broken", async () => {
    expect(catcher(await mutant({ rule: "", file: "readPlan.ts", from: "JSON.parse(source)", to: "JSON.parse(source)" }))).toBeUndefined();
  });

  it.each(mutations)("$rule", async (mutation) => {
    const found = catcher(await mutant(mutation));
    if (process.env["MUTATION_REPORT"]) console.log(`${mutation.rule} → ${found}`);
    expect(found).toBeDefined();
  });
});
