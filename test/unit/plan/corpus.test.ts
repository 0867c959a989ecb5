import { describe, expect, it } from "vitest";
import { corpus } from "./corpus.js";
import { read } from "./fixtures.js";
import { violations } from "./laws.js";
import { planOverPartitions } from "./partitions.js";

describe("what must hold of", () => {
  it.each(corpus)("$name", ({ json, wrong }) => expect(wrong(read(json))).toEqual([]));
});

describe("ten thousand partitions", () => {
  const plan = read(planOverPartitions(10_000));
  it("add up", () => expect(violations(plan)).toEqual([]));
  it("have the InitPlan in the Gather", () => expect(plan.nodes[1]?.includedIn).toEqual([plan.nodes[2]?.id]));
});
