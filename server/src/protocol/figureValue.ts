import type { Buffers, Figure, IoTimes, Wal } from "./planFigures.js";

/** Where counters are grouped: a node's inclusive ones, its own, a worker's, the plan's totals. */
export interface CounterGroups {
  readonly buffers?: Buffers | undefined;
  readonly ioTimes?: IoTimes | undefined;
  readonly wal?: Wal | undefined;
}

const accessors: Record<Exclude<Figure, "time">, (groups: CounterGroups) => number | undefined> = {
  sharedHit: ({ buffers }) => buffers?.sharedHit,
  sharedRead: ({ buffers }) => buffers?.sharedRead,
  sharedDirtied: ({ buffers }) => buffers?.sharedDirtied,
  sharedWritten: ({ buffers }) => buffers?.sharedWritten,
  localHit: ({ buffers }) => buffers?.localHit,
  localRead: ({ buffers }) => buffers?.localRead,
  localDirtied: ({ buffers }) => buffers?.localDirtied,
  localWritten: ({ buffers }) => buffers?.localWritten,
  tempRead: ({ buffers }) => buffers?.tempRead,
  tempWritten: ({ buffers }) => buffers?.tempWritten,
  ioSharedRead: ({ ioTimes }) => ioTimes?.sharedRead,
  ioSharedWrite: ({ ioTimes }) => ioTimes?.sharedWrite,
  ioLocalRead: ({ ioTimes }) => ioTimes?.localRead,
  ioLocalWrite: ({ ioTimes }) => ioTimes?.localWrite,
  ioTempRead: ({ ioTimes }) => ioTimes?.tempRead,
  ioTempWrite: ({ ioTimes }) => ioTimes?.tempWrite,
  walRecords: ({ wal }) => wal?.records,
  walFpi: ({ wal }) => wal?.fpi,
  walBytes: ({ wal }) => wal?.bytes,
  walBuffersFull: ({ wal }) => wal?.buffersFull,
};

/** A counter by the name of its figure, whichever group it is in. */
export function figureValue(groups: CounterGroups, figure: Exclude<Figure, "time">): number | undefined {
  return accessors[figure](groups);
}
