import type { OperationOutput } from "./operations.js";
import type { Report } from "./report.js";
import type { Failure } from "./failure.js";

/**
 * What the host tells a page. One tagged union, both ways, so that a switch is exhaustive. A page that is shown again posts `ready`
 * again, and the host sends what it showed last; the page itself keeps only how it was looked at (selection, tabs, pan and zoom).
 */
export type ToPage =
  /** A result; ends `running`. Whether it was run is for the plan itself to say (`plan.analyzed`). */
  | { type: "explain"; result: OperationOutput<"explain">; source?: { file: string; line: number; /** That line's text. */ code?: string } }
  | { type: "report"; report: Report }
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
  /** `line` from 1. */
  | { type: "openSource"; file: string; line: number }
  /** `what` names the text in the host's own words to the user: "Plan", "CREATE INDEX". */
  | { type: "copy"; text: string; what: string }
  /** `base64` for what is no text: a picture. */
  | { type: "save"; text: string; suggestedName: string; encoding?: "base64" }
  /** Save the plan as one HTML file that needs nothing else, with what the page has sent: names and literals may have been masked. */
  | { type: "share"; content: Extract<ToPage, { type: "explain" }>; suggestedName: string };
