import type { Change, ComparedNode, PlanComparison } from "#protocol/comparison";
import { count, milliseconds } from "../format.js";

type Facts = Omit<PlanComparison, "summary">;

/** What changed, in one sentence: the whole first, then the step that weighs most. */
export function summarise(facts: Facts): string {
  const whole = wholeOf(facts);
  const structural = facts.nodes.filter(({ kind }) => kind !== "same");
  if (structural.length === 0)
    return `${whole}; every step is done the same way${whole === noMeasure ? "." : ", so the difference lies in data, caches or chance."}`;
  const [first] = [...structural].sort((a, b) => weightOf(b, facts) - weightOf(a, facts));
  const more = structural.length - 1;
  const phrase = phraseOf(first!);
  return `${whole}: ${phrase}${indexesBeyond(phrase, facts)}${more > 0 ? `; ${more} more ${more === 1 ? "step differs" : "steps differ"}` : ""}.`;
}

/** A bitmap scan names its index one step below: what came or went is said all the same. */
function indexesBeyond(phrase: string, { indexes: { onlyBefore, onlyAfter } }: Facts): string {
  const part = (what: string, names: readonly string[]): string => {
    const untold = names.filter((name) => !phrase.includes(name));
    return untold.length > 0 ? `, ${what} ${untold.slice(0, 3).join(", ")}${untold.length > 3 ? ", …" : ""}` : "";
  };
  return part("now with", onlyAfter) + part("no longer with", onlyBefore);
}

const noMeasure = "Nothing was measured";

function wholeOf({ executionTimeMs, blocks, cost }: Facts): string {
  if (isBoth(executionTimeMs)) {
    const blocksToo = isBoth(blocks) && blocks.before !== blocks.after ? `, ${count(blocks.before)} → ${count(blocks.after)} blocks` : "";
    return `${milliseconds(executionTimeMs.before)} → ${milliseconds(executionTimeMs.after)} (${factor(executionTimeMs, "faster", "slower")}${blocksToo})`;
  }
  if (isBoth(cost)) return `Planner cost ${cost.before.toFixed(2)} → ${cost.after.toFixed(2)}, not measured times`;
  return noMeasure;
}

interface Both {
  readonly before: number;
  readonly after: number;
}

function isBoth(change: Change | undefined): change is Both {
  return change?.before !== undefined && change.after !== undefined;
}

function factor({ before, after }: Both, less: string, more: string): string {
  if (before <= 0 || after <= 0 || Math.abs(before / after - 1) < 0.05) return "about the same";
  const ratio = Math.max(before / after, after / before);
  return `${ratio >= 10 ? count(ratio) : ratio.toFixed(1)} times ${after < before ? less : more}`;
}

/** By time where both ran, else by blocks, else by cost: what the step took before and does not now, or the other way round. */
function weightOf(node: ComparedNode, { executionTimeMs }: Facts): number {
  const change = isBoth(executionTimeMs) ? node.selfTimeMs : node.cost;
  const difference = Math.abs((change?.after ?? 0) - (change?.before ?? 0));
  // A step that both have tells how; one that only one has tells less.
  return node.kind === "changed" ? difference * 2 : difference;
}

function phraseOf({ title, subject, kind, changes, selfTimeMs }: ComparedNode): string {
  const took = isBoth(selfTimeMs) ? ` (${milliseconds(selfTimeMs.before)} → ${milliseconds(selfTimeMs.after)} of its own)` : "";
  switch (kind) {
    case "added":
      return `${title} is new${alone(selfTimeMs?.after)}`;
    case "removed":
      return `${title} is gone${alone(selfTimeMs?.before)}`;
    default:
      return `${subject ?? title}: ${changes[0] ?? ""}${took}`;
  }
}

const alone = (time: number | undefined): string => (time === undefined ? "" : ` (${milliseconds(time)} of its own)`);
