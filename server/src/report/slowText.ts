import type { SlowQuery } from "#protocol/workload";
import { shortened } from "../analyzers/index.js";
import { format } from "../plan/index.js";
import { oneLine, type Style } from "./style.js";
import { textTable, type Column } from "./table.js";

export const slowColumns: readonly Column[] = [
  { title: "share", right: true },
  { title: "total", right: true },
  { title: "mean", right: true },
  { title: "calls", right: true },
  { title: "rows/call", right: true },
  { title: "read", right: true },
  { title: "statement" },
];

export function slowRow(query: SlowQuery, widest: number): string[] {
  return [
    format.percent(query.share),
    format.milliseconds(query.totalTimeMs),
    format.milliseconds(query.meanTimeMs),
    format.count(query.calls),
    query.calls > 0 ? fewOrMany(query.rows / query.calls) : "",
    format.count(query.sharedBlocksRead),
    oneLine(shortened(query.query, widest)),
  ];
}

/** `read` counts blocks of 8 kB that were not in shared buffers. */
export function slowText(queries: readonly SlowQuery[], width: number, style: Style): string {
  const widest = Math.max(40, width - 62);
  return textTable(
    slowColumns,
    queries.map((query) => slowRow(query, widest)),
    style,
  ).join("\n");
}

/** A tenth matters below ten: 0.2 rows per call and 1 are different stories. */
function fewOrMany(n: number): string {
  return n < 10 && !Number.isInteger(n) ? n.toFixed(1) : format.count(n);
}
