import type { Failure } from "#protocol/failure";
import type { ToPage } from "#protocol/pages";

export type Explained = Extract<ToPage, { type: "explain" }>;

/** The last result stays while a newer one is made, and when making it fails. */
export interface PageState {
  readonly explained?: Explained;
  readonly running?: { readonly title: string; readonly cancellable: boolean };
  readonly failure?: Failure;
}

export function receive(state: PageState, message: ToPage): PageState {
  switch (message.type) {
    case "explain":
      return { explained: message };
    case "running":
      return { explained: state.explained, running: { title: message.title, cancellable: message.cancellable } };
    case "failed":
      return { explained: state.explained, failure: message.failure };
    case "idle":
      return { explained: state.explained };
    case "report":
    case "comparison":
      return state;
  }
}
