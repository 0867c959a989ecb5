import type { Plan } from "../../../server/src/protocol/plan.js";

interface Seen {
  readonly name: string;
  readonly unattributedMs: number;
  readonly executionMs: number;
  readonly negativeMs: number;
}

const shown = 10;

/** What of the plans is explained by more than the tree: printed with PLAN_REPORT=1, to be looked at after a change of attribution. */
export class WorstCases {
  private readonly seen: Seen[] = [];
  private readonly causes = new Map<string, { count: number; largest: number; name: string }>();

  add(name: string, plan: Plan): void {
    const negative = (plan.causes ?? []).filter(({ figure, amount }) => figure === "time" && amount < 0);
    this.seen.push({
      name,
      unattributedMs: plan.unattributedMs ?? 0,
      executionMs: plan.executionTimeMs ?? 0,
      negativeMs: -negative.reduce((sum, { amount }) => sum + amount, 0),
    });
    for (const { cause, figure, amount } of plan.causes ?? []) {
      const key = `${cause} of ${figure}`;
      const known = this.causes.get(key) ?? { count: 0, largest: 0, name };
      const isLarger = Math.abs(amount) > known.largest;
      this.causes.set(key, {
        count: known.count + 1,
        largest: Math.max(known.largest, Math.abs(amount)),
        name: isLarger ? name : known.name,
      });
    }
  }

  report(): string {
    const lines = (title: string, value: (seen: Seen) => number): readonly string[] => [
      title,
      ...[...this.seen]
        .sort((a, b) => value(b) - value(a))
        .slice(0, shown)
        .map((seen) => `  ${value(seen).toFixed(3)}  ${seen.name} (execution ${seen.executionMs} ms)`),
    ];
    return [
      `${this.seen.length} plans`,
      ...lines("unattributed, ms", ({ unattributedMs }) => unattributedMs),
      ...lines("unattributed, share of the execution", ({ unattributedMs, executionMs }) => unattributedMs / Math.max(executionMs, 1e-3)),
      ...lines("worked while nobody waited, ms", ({ negativeMs }) => negativeMs),
      "causes: how often, the largest",
      ...[...this.causes].map(([key, { count, largest, name }]) => `  ${key}: ${count}, ${largest.toFixed(3)} (${name})`),
    ].join("\n");
  }
}
