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
  let drawn = false;
  const draw = (): void => {
    if (!line) return;
    drawn = true;
    stderr.write(`\r\u001b[2K${line}`);
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
      line = share === undefined ? `${message} …` : `${message} ${Math.round(share * 100)} %`;
    },
    end: () => {
      clearTimeout(timer);
      clearInterval(interval);
      line = "";
      if (drawn) stderr.write("\r\u001b[2K");
      drawn = false;
    },
  };
}
