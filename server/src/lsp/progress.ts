import { WorkDoneProgress, type Connection, type ProgressToken } from "vscode-languageserver/node";

/** Work that ends sooner shows nothing. */
const patience = 500;

export interface Progress {
  report(message: string, share?: number): void;
  done(): void;
}

const none: Progress = { report: () => undefined, done: () => undefined };

/** `$/progress` on a token that the client made; begins after half a second. */
export function progressOn(connection: Connection, token: ProgressToken | undefined, title: string): Progress {
  if (token === undefined) return none;
  let begun = false;
  let last: { message: string; share?: number } | undefined;
  const timer = setTimeout(() => {
    begun = true;
    void connection.sendProgress(WorkDoneProgress.type, token, { kind: "begin", title, cancellable: true, ...content(last) });
  }, patience);
  return {
    report(message, share) {
      last = { message, ...(share === undefined ? {} : { share }) };
      if (begun) void connection.sendProgress(WorkDoneProgress.type, token, { kind: "report", ...content(last) });
    },
    done() {
      clearTimeout(timer);
      if (begun) void connection.sendProgress(WorkDoneProgress.type, token, { kind: "end" });
    },
  };
}

function content(last: { message: string; share?: number } | undefined): { message?: string; percentage?: number } {
  if (!last) return {};
  return {
    message: last.message,
    ...(last.share === undefined ? {} : { percentage: Math.round(Math.min(1, Math.max(0, last.share)) * 100) }),
  };
}

/** Progress of the server's own making, such as the first check of a folder. Begins after half a second. */
export function ownProgress(connection: Connection, supported: boolean, title: string): Progress {
  if (!supported) return none;
  let over = false;
  let end: (() => void) | undefined;
  let report: ((percentage: number | undefined, message: string) => void) | undefined;
  const timer = setTimeout(() => {
    connection.window.createWorkDoneProgress().then(
      (reporter) => {
        if (over) return;
        reporter.begin(title, 0);
        report = (percentage, message) => (percentage === undefined ? reporter.report(message) : reporter.report(percentage, message));
        end = () => reporter.done();
      },
      // The client went away; there is nobody to show progress to.
      () => undefined,
    );
  }, patience);
  return {
    report: (message, share) => report?.(share === undefined ? undefined : Math.round(share * 100), message),
    done() {
      over = true;
      clearTimeout(timer);
      end?.();
    },
  };
}
