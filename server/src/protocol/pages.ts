import type { OperationOutput } from "./operations.js";
import type { Report } from "./report.js";
import type { Failure } from "./failure.js";

/** What the host tells a page. One tagged union, both ways, so that a switch is exhaustive. */
export type ToPage =
  | { type: "explain"; result: OperationOutput<"explain">; source?: { file: string; line: number }; analyzing: boolean }
  | { type: "report"; report: Report }
  | { type: "running"; title: string; cancellable: boolean }
  | { type: "failed"; failure: Failure };

/** What a page asks of the host. */
export type FromPage =
  | { type: "ready" }
  | { type: "cancel" }
  | { type: "analyze" }
  | { type: "explainAgain" }
  | { type: "openSource"; file: string; line: number }
  | { type: "copy"; text: string; what: string }
  | { type: "save"; text: string; suggestedName: string };
