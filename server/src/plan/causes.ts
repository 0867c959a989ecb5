import type { Cause, JitFigures } from "#protocol/plan";
import type { Attribution, Discrepancy } from "./attribution.js";
import { bufferMeasures, type Measure } from "./measures.js";
import type { RawNode } from "./rawTree.js";
import { titleOf } from "./title.js";

/** Everything by which self values and totals differ, rounding apart, with the amount and a sentence. */
export function causesOf(
  nodes: readonly RawNode[],
  attributions: readonly { readonly measure: Measure; readonly found: Attribution }[],
): readonly Cause[] {
  return attributions.flatMap(({ measure, found }) =>
    found.discrepancies.flatMap((discrepancy) => causeOf(discrepancy, measure, nodes[discrepancy.node]) ?? []),
  );
}

function causeOf({ node, cause, amount }: Discrepancy, measure: Measure, raw: RawNode | undefined): Cause | undefined {
  if (cause === "rounding") return undefined;
  const name = raw ? titleOf(raw) : "a node";
  const message = sentences[cause](name, amountOf(amount, measure));
  const exceeds = cause === "gather" || cause === "async" || cause === "unexplained";
  return { figure: measure.figure, node: String(node), cause, amount: exceeds ? -amount : amount, message };
}

const sentences: Record<Exclude<Discrepancy["cause"], "rounding">, (name: string, amount: string) => string> = {
  gather: (name, amount) =>
    `${name}: its processes ran ${amount} longer than it waited for them (they work while the nodes above do); shown as 0 and taken off “unattributed”.`,
  async: (name, amount) => `${name}: its children overlapped by ${amount}; taken off “unattributed”.`,
  "after-plan": (name, amount) =>
    `${name}: ${amount} of this CTE came after the main plan had ended, so the root does not count it; the total does.`,
  shutdown: (name, amount) =>
    `${name}: ${amount} came when it was stopped or started anew, while only nodes above it were running; taken from those.`,
  unexplained: (name, amount) =>
    `${name}: what ran below reports ${amount} more than it does, and the plan does not say why; taken off “unattributed”.`,
};

function amountOf(amount: number, { figure, whole }: Measure): string {
  if (!whole) return `${amount.toFixed(3)} ms${figure === "time" ? "" : ` of I/O time (${words(figure.slice("io".length))})`}`;
  return bufferMeasures.some((measure) => measure.figure === figure) ? `${amount} blocks ${words(figure)}` : `${amount} ${words(figure)}`;
}

/** `sharedHit` → `shared hit`. */
function words(figure: string): string {
  return [...figure]
    .map((letter) => (letter >= "A" && letter <= "Z" ? ` ${letter.toLowerCase()}` : letter))
    .join("")
    .trimStart();
}

/**
 * What of the execution time no node accounts for: always named, because it is never nothing. A little below nothing is rounding, and more than
 * rounding has its own cause.
 */
export function restOfExecution(unattributed: number | undefined, known: readonly Cause[], jit: JitFigures | undefined): readonly Cause[] {
  if (unattributed === undefined) return [];
  const overlapping = known.reduce((sum, { figure, amount }) => (figure === "time" && amount < 0 ? sum + amount : sum), 0);
  const amount = unattributed - overlapping;
  if (amount <= 0) return [];
  const outside = `${amount.toFixed(3)} ms of the execution lie outside the nodes`;
  const always = "opening and closing the plan, its temporary files too, and what was done with its rows";
  if (!jit) return [{ figure: "time", cause: "executor", amount, message: `${outside}: ${always}.` }];
  const message = `${outside}: JIT compiled this statement (starting the compiler, and making code before the first node runs); ${always}.`;
  return [{ figure: "time", cause: "jit", amount, message }];
}
