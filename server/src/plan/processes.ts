import type { Plan, WorkerFigures } from "#protocol/plan";
import type { Columns } from "./columns.js";
import { reportedBy, subtractGroups, type Groups } from "./groups.js";
import { readJit } from "./jit.js";
import { detailsBut, numberAt, objectAt, objectsAt, textAt, type JsonObject } from "./json.js";
import { figureKeys } from "./measures.js";
import type { RawNode } from "./rawTree.js";

type Processes = NonNullable<Plan["nodes"][number]["workers"]>;

/** What each process did in a node, where the plan tells the workers apart: the leader is what they leave of the node. */
export function processesOf(node: RawNode, own: Groups, columns: Columns): Processes | undefined {
  const objects = objectsAt(node.keys, "Workers");
  if (objects.length === 0) return undefined;
  const workers = objects.map((worker) => workerOf(worker, columns));
  const leader = leaderOf(node, own, workers);
  return leader ? [leader, ...workers] : workers;
}

const shownApart = new Set([
  "Worker Number",
  "Actual Startup Time",
  "Actual Total Time",
  "Actual Rows",
  "Actual Loops",
  "Sort Method",
  "Sort Space Used",
  "Sort Space Type",
  "JIT",
  ...figureKeys,
]);

function workerOf(worker: JsonObject, columns: Columns): WorkerFigures {
  const loops = numberAt(worker, "Actual Loops");
  const rows = numberAt(worker, "Actual Rows");
  const total = numberAt(worker, "Actual Total Time");
  // A worker that only has sort or hash facts was not asked for its counters: they are unknown.
  const groups = reportedBy(worker, (figure) => loops !== undefined && columns.has(figure));
  return {
    number: numberAt(worker, "Worker Number"),
    loops,
    rows: loops === undefined || rows === undefined ? undefined : rows * loops,
    startupTimeMs: numberAt(worker, "Actual Startup Time"),
    processTimeMs: loops === undefined || total === undefined ? undefined : total * loops,
    ...groups,
    ...sortOf(worker),
    jit: readJit(objectAt(worker, "JIT")),
    details: detailsBut(worker, shownApart),
  };
}

function sortOf(keys: JsonObject): Pick<WorkerFigures, "sortMethod" | "sortSpaceKb" | "sortSpaceType"> {
  return {
    sortMethod: textAt(keys, "Sort Method"),
    sortSpaceKb: numberAt(keys, "Sort Space Used"),
    sortSpaceType: textAt(keys, "Sort Space Type"),
  };
}

/** Rows, time and I/O times of the leader are differences of rounded numbers and never shown below zero. */
function leaderOf(node: RawNode, own: Groups, workers: readonly WorkerFigures[]): WorkerFigures | undefined {
  if (node.loops === undefined || workers.some(({ loops }) => loops === undefined)) return undefined;
  const loops = node.loops - sum(workers.map((worker) => worker.loops));
  if (loops <= 0) return undefined;
  const rows = numberAt(node.keys, "Actual Rows");
  const timed = node.processTime !== undefined && workers.every(({ processTimeMs }) => processTimeMs !== undefined);
  return {
    loops,
    rows: rows === undefined ? undefined : Math.max(Math.round(rows * node.loops - sum(workers.map((worker) => worker.rows))), 0),
    processTimeMs: timed ? Math.max((node.processTime ?? 0) - sum(workers.map((worker) => worker.processTimeMs)), 0) : undefined,
    ...workers.reduce<Groups>(subtractGroups, own),
    ...sortOf(node.keys),
    details: [],
  };
}

const sum = (values: readonly (number | undefined)[]): number => values.reduce<number>((total, value) => total + (value ?? 0), 0);
