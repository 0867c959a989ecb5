import type { FromPage, ToPage } from "#protocol/pages";

interface HostApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): HostApi;

let api: HostApi | undefined;

/** VS Code hands the API out once per page and throws on a second request. */
function host(): HostApi {
  return (api ??= acquireVsCodeApi());
}

export function post(message: FromPage): void {
  host().postMessage(message);
}

/** Everything that outlives the page while its tab is hidden, or the window while it reloads. */
export function readState(): Readonly<Record<string, unknown>> {
  const state = host().getState();
  return typeof state === "object" && state !== null ? (state as Record<string, unknown>) : {};
}

export function writeState(change: Readonly<Record<string, unknown>>): void {
  host().setState({ ...readState(), ...change });
}

/** @returns stops listening */
export function onMessage(receive: (message: ToPage) => void): () => void {
  const listener = (event: MessageEvent<unknown>) => {
    if (isMessage(event.data)) receive(event.data);
  };
  window.addEventListener("message", listener);
  return () => window.removeEventListener("message", listener);
}

/** The host is our own code; other frames' messages have no such type. */
function isMessage(data: unknown): data is ToPage {
  if (typeof data !== "object" || data === null) return false;
  const { type } = data as { type?: unknown };
  return type === "explain" || type === "report" || type === "comparison" || type === "running" || type === "failed" || type === "idle";
}
