import type { SlowQuery, SlowQueryOrder } from "#protocol/workload";

/** What the view shows of one moment; a newer moment that failed leaves the older one standing and says why. */
export interface SlowQueryState {
  readonly queries: readonly SlowQuery[];
  /** When these were read. */
  readonly readAt?: Date;
  /** What is missing on the server, with what to do. */
  readonly unavailable?: string;
  /** Why the last attempt failed; `queries` then are older than that. */
  readonly failure?: string;
}

export type ViewKind = "noConnection" | "loading" | "unavailable" | "failed" | "empty" | "ready";

export function kindOf(state: SlowQueryState | undefined, hasConnection: boolean): ViewKind {
  if (!hasConnection) return "noConnection";
  if (!state) return "loading";
  if (state.queries.length > 0) return "ready";
  if (state.failure !== undefined) return "failed";
  return state.unavailable === undefined ? "empty" : "unavailable";
}

/** After a failure what was known stays, and is known to be old. */
export function failed(state: SlowQueryState | undefined, failure: string): SlowQueryState {
  return { queries: state?.queries ?? [], ...(state?.readAt ? { readAt: state.readAt } : {}), failure };
}

export interface SlowQueryRow {
  readonly label: string;
  readonly description: string;
  /** Name and value, in the order of display. */
  readonly facts: readonly (readonly [string, string])[];
}

/** The number that orders stands first: a sidebar is narrow, and statements begin alike. */
export function slowQueryRow(query: SlowQuery, order: SlowQueryOrder): SlowQueryRow {
  const numbers: Record<SlowQueryOrder, string> = {
    total: duration(query.totalTimeMs),
    mean: duration(query.meanTimeMs),
    calls: count(query.calls),
    rows: count(query.rows),
    reads: count(query.sharedBlocksRead),
  };
  return { label: numbers[order], description: query.query.split(/\s+/).join(" ").trim(), facts: facts(query) };
}

function facts(query: SlowQuery): (readonly [string, string])[] {
  const optional = (name: string, value: number | undefined): (readonly [string, string])[] =>
    value === undefined ? [] : [[name, duration(value)]];
  return [
    ["Total time", `${duration(query.totalTimeMs)} (${percent(query.share)} of all statements)`],
    ["Calls", count(query.calls)],
    ["Mean time", duration(query.meanTimeMs)],
    ...optional("Shortest", query.minTimeMs),
    ...optional("Longest", query.maxTimeMs),
    ...optional("Standard deviation", query.stddevTimeMs),
    ["Rows", `${count(query.rows)}${query.calls > 0 ? ` (${count(Math.round(query.rows / query.calls))} per call)` : ""}`],
    ["Blocks hit", count(query.sharedBlocksHit)],
    ["Blocks read", count(query.sharedBlocksRead)],
    ["Temporary blocks written", count(query.tempBlocksWritten)],
    ...(query.user ? [["User", query.user] as const] : []),
    ...(query.database ? [["Database", query.database] as const] : []),
  ];
}

/** Milliseconds for people: three significant digits, in the unit that fits. */
export function duration(ms: number): string {
  if (ms < 1) return `${trim(ms, 3)} ms`;
  if (ms < 1000) return `${trim(ms, ms < 10 ? 2 : ms < 100 ? 1 : 0)} ms`;
  const seconds = ms / 1000;
  if (seconds < 60) return `${trim(seconds, seconds < 10 ? 2 : 1)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.floor(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function trim(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

export function percent(share: number): string {
  return share > 0 && share < 0.001 ? "less than 0.1 %" : `${Number((share * 100).toFixed(1))} %`;
}
