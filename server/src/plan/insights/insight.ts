import type { Severity } from "#protocol/finding";
import type { PlanInsight, PlanNode } from "#protocol/plan";
import type { InsightSubject } from "./subject.js";

/** One kind of insight is one file. It sees every node that ran (or all, where the plan did not run) and says at most one thing about it. */
export interface InsightRule {
  readonly id: string;
  readonly docs: InsightDocs;
  /** Insights that say less about the same cause: dropped where this one stands. */
  readonly replaces?: Replaced;
  readonly inspect: (node: PlanNode, subject: InsightSubject) => InsightDraft | undefined;
}

/** The page of the insight is made of these. Markdown. */
export interface InsightDocs {
  /** One line for the overview. */
  readonly summary: string;
  readonly whatItMeans: string;
  readonly whyItCosts: string;
  readonly whatToDo: string;
  /** What looks alike and is none, so that the insight keeps silent. */
  readonly silentWhen: string;
  readonly references: readonly string[];
}

/** Ids of insights by where they stand, seen from the one that replaces them. */
export interface Replaced {
  readonly here?: readonly string[];
  readonly below?: readonly string[];
  readonly above?: readonly string[];
}

export type Evidence = NonNullable<PlanInsight["evidence"]>;

export interface InsightDraft {
  /** What is wrong and what it costs. */
  readonly message: string;
  /** What to do. */
  readonly advice: string;
  /** Share of the statement's time (or cost, where it did not run) that is at stake: gives the severity. */
  readonly share: number;
  /** The figures on which it rests. */
  readonly evidence: Evidence;
  /** A statement that mends it. */
  readonly sql?: string;
  /** Nodes whose wrong estimate the message names as the cause: it is not told again. */
  readonly explains?: readonly PlanNode[];
}

export function severityOf(share: number): Severity {
  return share >= 0.25 ? "warning" : share >= 0.05 ? "info" : "hint";
}

/** What is over within this time is nobody's problem, whatever it looks like. */
export const negligibleMs = 1;

export function isNegligible(node: PlanNode): boolean {
  return node.selfWallTimeMs !== undefined && node.selfWallTimeMs < negligibleMs;
}
