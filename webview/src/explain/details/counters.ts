import type { DerivedFigure } from "#protocol/derivation";
import type { Buffers, IoTimes, PlanNode, Wal } from "#protocol/plan";
import { formatBytes, formatCount, formatTimeExact } from "../../common/numbers.js";

/** One counter, the node's own part beside the whole. */
export interface CounterRow {
  readonly label: string;
  readonly figure: DerivedFigure;
  readonly self: string | undefined;
  readonly total: string;
  /** Blocks as bytes. */
  readonly size?: string;
}

export interface CounterTable {
  readonly title: string;
  readonly unit: string;
  readonly rows: readonly CounterRow[];
}

type Named<T> = readonly (readonly [keyof T & string, string, DerivedFigure])[];

const blocks: Named<Buffers> = [
  ["sharedHit", "Shared hit", "sharedHit"],
  ["sharedRead", "Shared read", "sharedRead"],
  ["sharedDirtied", "Shared dirtied", "sharedDirtied"],
  ["sharedWritten", "Shared written", "sharedWritten"],
  ["localHit", "Local hit", "localHit"],
  ["localRead", "Local read", "localRead"],
  ["localDirtied", "Local dirtied", "localDirtied"],
  ["localWritten", "Local written", "localWritten"],
  ["tempRead", "Temp read", "tempRead"],
  ["tempWritten", "Temp written", "tempWritten"],
];
const times: Named<IoTimes> = [
  ["sharedRead", "Shared read", "ioSharedRead"],
  ["sharedWrite", "Shared write", "ioSharedWrite"],
  ["localRead", "Local read", "ioLocalRead"],
  ["localWrite", "Local write", "ioLocalWrite"],
  ["tempRead", "Temp read", "ioTempRead"],
  ["tempWrite", "Temp write", "ioTempWrite"],
];
const log: Named<Wal> = [
  ["records", "Records", "walRecords"],
  ["fpi", "Full page images", "walFpi"],
  ["bytes", "Bytes", "walBytes"],
  ["buffersFull", "Buffers full", "walBuffersFull"],
];

/** Buffers, I/O times and WAL of a node. Counters that stayed at zero are left out, and tables without any. */
export function counterTables(node: PlanNode): CounterTable[] {
  const tables: CounterTable[] = [
    {
      title: "Buffers",
      unit: "8 kB blocks",
      rows: rowsOf(blocks, node.buffers, node.selfBuffers, formatCount, (count) => formatBytes(count * 8192)),
    },
    { title: "I/O time", unit: "All processes", rows: rowsOf(times, node.ioTimes, node.selfIoTimes, (ms) => formatTimeExact(ms)) },
    { title: "WAL", unit: "", rows: rowsOf(log, node.wal, node.selfWal, formatCount) },
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

function rowsOf<T extends Record<string, number | undefined>>(
  named: Named<T>,
  total: T | undefined,
  self: T | undefined,
  format: (value: number) => string,
  size?: (value: number) => string,
): CounterRow[] {
  if (!total) return [];
  return named.flatMap(([key, label, figure]) => {
    const [whole, own] = [total[key], self?.[key]];
    if (!whole) return [];
    return [
      { label, figure, self: own === undefined ? undefined : format(own), total: format(whole), ...(size ? { size: size(whole) } : {}) },
    ];
  });
}
