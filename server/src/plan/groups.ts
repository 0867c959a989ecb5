import { figureNames, type Buffers, type Figure, type IoTimes, type Wal } from "#protocol/plan";
import type { JsonObject } from "./json.js";
import { bufferMeasures, ioMeasures, isAlwaysReported, measured, walMeasures } from "./measures.js";

/** The value of a figure somewhere: of a node, of a worker, of planning. */
export type ValueOf = (figure: Figure) => number | undefined;

export interface Groups {
  readonly buffers?: Buffers | undefined;
  readonly ioTimes?: IoTimes | undefined;
  readonly wal?: Wal | undefined;
}

/** Single figures as the protocol groups them. A group is there if its first figure is known. */
export function grouped(value: ValueOf): Groups {
  const sharedHit = value("sharedHit");
  const sharedReadTime = value("ioSharedRead");
  const records = value("walRecords");
  return {
    buffers: sharedHit === undefined ? undefined : buffersOf(sharedHit, value),
    ioTimes: sharedReadTime === undefined ? undefined : ioTimesOf(sharedReadTime, value),
    wal: records === undefined ? undefined : walOf(records, value),
  };
}

/** The same of every node: ten thousand of them look up no names. */
export function groupedColumns(values: (figure: Figure) => Float64Array | undefined): (index: number) => Groups {
  const columns = Object.fromEntries(figureNames.map((figure) => [figure, values(figure)])) as Record<Figure, Float64Array | undefined>;
  let index = 0;
  const value: ValueOf = (figure) => columns[figure]?.[index];
  return (node) => {
    index = node;
    return grouped(value);
  };
}

function buffersOf(sharedHit: number, value: ValueOf): Buffers {
  return {
    sharedHit,
    sharedRead: value("sharedRead") ?? 0,
    sharedDirtied: value("sharedDirtied") ?? 0,
    sharedWritten: value("sharedWritten") ?? 0,
    localHit: value("localHit") ?? 0,
    localRead: value("localRead") ?? 0,
    localDirtied: value("localDirtied") ?? 0,
    localWritten: value("localWritten") ?? 0,
    tempRead: value("tempRead") ?? 0,
    tempWritten: value("tempWritten") ?? 0,
  };
}

function ioTimesOf(sharedRead: number, value: ValueOf): IoTimes {
  return {
    sharedRead,
    sharedWrite: value("ioSharedWrite") ?? 0,
    localRead: value("ioLocalRead"),
    localWrite: value("ioLocalWrite"),
    tempRead: value("ioTempRead"),
    tempWrite: value("ioTempWrite"),
  };
}

function walOf(records: number, value: ValueOf): Wal {
  return { records, fpi: value("walFpi") ?? 0, bytes: value("walBytes") ?? 0, buffersFull: value("walBuffersFull") };
}

const counters = [bufferMeasures, ioMeasures, walMeasures];

/**
 * Of an object that reports by itself: a worker, planning, serialization. The text format leaves out what is zero, so one figure of a group
 * makes the others zero; so does `known`, what is known of the whole plan.
 */
export function reportedBy(keys: JsonObject | undefined, known: (figure: Figure) => boolean = () => false): Groups {
  const values = new Map<Figure, number | undefined>();
  for (const group of keys ? counters : []) {
    const any = group.some((measure) => measured(keys ?? {}, measure) !== undefined);
    for (const measure of group) {
      const zero = known(measure.figure) || (any && isAlwaysReported(measure)) ? 0 : undefined;
      values.set(measure.figure, measured(keys ?? {}, measure) ?? zero);
    }
  }
  return grouped((figure) => values.get(figure));
}

/** What is left of a whole when a part is taken away; a part that is not known leaves the rest unknown. */
export function subtractGroups(whole: Groups, part: Groups): Groups {
  return {
    buffers: difference(whole.buffers, part.buffers),
    ioTimes: difference(whole.ioTimes, part.ioTimes),
    wal: difference(whole.wal, part.wal),
  };
}

function difference<T extends Buffers | IoTimes | Wal>(whole: T | undefined, part: T | undefined): T | undefined {
  if (!whole || !part) return undefined;
  const left = Object.entries(whole).map(([key, value]: [string, number | undefined]) => {
    const taken = (part as Readonly<Record<string, number | undefined>>)[key];
    return [key, value === undefined ? undefined : Math.max(value - (taken ?? 0), 0)];
  });
  return Object.fromEntries(left) as T;
}
