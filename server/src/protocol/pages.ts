import type { PlanComparison } from "./comparison.js";
import type { OperationOutput } from "./operations.js";
import type { Plan } from "./plan.js";
import type { Report } from "./report.js";
import type { Failure } from "./failure.js";

/** A plan with what is known around it. One that was read from a file has no connection, and can be neither run nor planned again. */
export type ShownPlan = Omit<OperationOutput<"explain">, "connection"> &
  Partial<Pick<OperationOutput<"explain">, "connection">> & {
    /** Where the plan was read: "plan.json", "Clipboard". */
    readonly origin?: string;
  };

/** One side of a comparison. */
export interface ComparedPlan {
  readonly plan: Plan;
  /** What tells it from the other one: "Today, 14:02 on staging", "before.json". */
  readonly label: string;
}

/**
 * What the host tells a page. One tagged union, both ways, so that a switch is exhaustive. A page that is shown again posts `ready`
 * again, and the host sends what it showed last; the page itself keeps only how it was looked at (selection, tabs, pan and zoom).
 */
export type ToPage =
  /** A result; ends `running`. Whether it was run is for the plan itself to say (`plan.analyzed`). */
  | { type: "explain"; result: ShownPlan; source?: { file: string; line: number; /** That line's text. */ code?: string } }
  | { type: "report"; report: Report }
  | { type: "comparison"; before: ComparedPlan; after: ComparedPlan; comparison: PlanComparison }
  /** The last result stays in sight under a progress bar. `cancellable` shows "Stop". */
  | { type: "running"; title: string; cancellable: boolean }
  /** Ends `running`; shown above the last result. */
  | { type: "failed"; failure: Failure }
  /** Ends `running` with nothing new, say because a newer request made it moot or the user closed a question. */
  | { type: "idle" };

/** What a page asks of the host. */
export type FromPage =
  | { type: "ready" }
  /** "Stop": end the run that `running` told of. */
  | { type: "cancel" }
  /** Run the same statement with the same values under ANALYZE, the first time or again. */
  | { type: "analyze" }
  /** Plan the same statement again, without ANALYZE. */
  | { type: "explainAgain" }
  /** Choose another plan of this statement to compare this one with. */
  | { type: "compare" }
  /** Show the two plans of a comparison the other way round. */
  | { type: "swap" }
  /** `line` from 1. */
  | { type: "openSource"; file: string; line: number }
  /** `what` names the text in the host's own words to the user: "Plan", "CREATE INDEX". */
  | { type: "copy"; text: string; what: string }
  /** `base64` for what is no text: a picture. */
  | { type: "save"; text: string; suggestedName: string; encoding?: "base64" }
  /** Save the plan as one HTML file that needs nothing else, with what the page has sent: names and literals may have been masked. */
  | { type: "share"; content: Extract<ToPage, { type: "explain" }>; suggestedName: string };
