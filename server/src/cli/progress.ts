import { oneLine } from "../report/index.js";
import type { Environment } from "./environment.js";

/** Quicker than this, a line that comes and goes is only a flicker. */
const delayMs = 500;
const frameMs = 100;

export interface Progress {
  readonly report: (message: string, share?: number) => void;
  /** Removes the line; what is printed next starts at the left. */
  readonly end: () => void;
}

/** One line on stderr that says what is going on, where a person sees it; silence elsewhere. */
export function startProgress(environment: Environment): Progress {
  const { stderr } = environment;
  if (!stderr.isTTY || environment.env["TERM"] === "dumb") return { report: () => undefined, end: () => undefined };
  let line = "";
  let drawn = "";
  const draw = (): void => {
    // A line that wraps cannot be taken back.
    const shown = line.slice(0, (environment.stdout.columns ?? 80) - 1);
    if (shown === drawn) return;
    drawn = shown;
    stderr.write(`\r\u001b[2K${shown}`);
  };
  let interval: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    draw();
    interval = setInterval(draw, frameMs);
    interval.unref();
  }, delayMs);
  timer.unref();
  return {
    report: (message, share) => {
      const text = oneLine(message);
      line = share === undefined ? `${text} …` : `${text} ${Math.round(share * 100)} %`;
    },
    end: () => {
      clearTimeout(timer);
      clearInterval(interval);
      line = "";
      if (drawn) stderr.write("\r\u001b[2K");
      drawn = "";
    },
  };
}
