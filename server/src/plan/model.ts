import type { Figure, Plan } from "#protocol/plan";
import { attribute, type Attribution, type Layout } from "./attribution.js";
import { causesOf, restOfExecution } from "./causes.js";
import { readColumns, type Columns } from "./columns.js";
import { rowRatios } from "./estimates.js";
import { grouped, groupedColumns, reportedBy } from "./groups.js";
import { findHosts } from "./hosts.js";
import { readJit } from "./jit.js";
import { detailsBut, display, numberAt, objectAt, textAt, type JsonObject } from "./json.js";
import { timeRounding } from "./measures.js";
import { buildNode } from "./node.js";
import { countParticipants, sharedTimes, type Participants } from "./participants.js";
import { readTree, type RawNode } from "./rawTree.js";
import type { PlanDocument } from "./read/document.js";
import { placeTriggers, readTriggers, type Trigger } from "./triggers.js";

/** The plan with all its figures. `document` has the keys of EXPLAIN (FORMAT JSON), `root` is its "Plan". */
export function buildPlan(document: JsonObject, root: JsonObject, source: string, places?: PlanDocument["places"]): Plan {
  const nodes = readTree(root, places);
  const shared = sharedTimes(nodes);
  const columns = readColumns(nodes);
  const hosts = findHosts(nodes, columns, shared);
  const participants = countParticipants(nodes, hosts, shared);
  const totals = readTotals(document, nodes);
  const attributions = attributeAll({ nodes, hosts, shared, processes: participants.count }, columns, totals.triggers);
  const last = closing(nodes, totals, attributions.get("time"), participants);
  const causes = causesOf(nodes, entriesOf(columns, attributions));
  const jit = readJit(objectAt(document, "JIT"));
  const allCauses = [...causes, ...restOfExecution(last.unattributedMs, causes, jit)];
  const rowError = root["Disabled"] === undefined ? 0.5 : 0.005;
  const inclusive = groupedColumns((figure) => columns.get(figure)?.inclusive);
  const own = groupedColumns((figure) => attributions.get(figure)?.self);
  const time = attributions.get("time");
  const ratios = rowRatios(nodes, participants.count, rowError);
  const notes = new Map<number, string[]>();
  for (const { node, message } of causes) {
    const index = Number(node);
    notes.set(index, [...(notes.get(index) ?? []), message]);
  }
  return {
    analyzed: nodes[0]?.loops !== undefined,
    nodes: nodes.map((node) => buildNode(node, { hosts, participants, columns, time, inclusive, own, ratios, notes, rowError })),
    executionTimeMs: totals.execution,
    ...last,
    triggers: [...totals.triggers],
    ...totalCounters(columns, attributions),
    ...aroundExecution(document),
    jitMs: jit?.totalMs,
    jit,
    charges: [...attributions.values()].flatMap(({ charges }) => charges),
    causes: allCauses,
    notes: allCauses.filter(({ cause }) => cause !== "executor" && cause !== "shutdown").map(({ message }) => message),
    settings: Object.entries(objectAt(document, "Settings") ?? {}).map(([key, value]) => ({ key, value: display(value) })),
    insights: [],
    queryText: textAt(document, "Query Text"),
    details: detailsBut(document, shownInPlan),
    source,
  };
}

const shownInPlan: ReadonlySet<string> = new Set([
  ...["Query Text", "Plan", "Settings", "Planning", "Planning Time", "Triggers", "JIT", "Serialization", "Execution Time"],
]);

interface Totals {
  readonly execution: number | undefined;
  readonly serialization: number | undefined;
  readonly triggers: readonly Trigger[];
}

function readTotals(document: JsonObject, nodes: readonly RawNode[]): Totals {
  const execution = numberAt(document, "Execution Time");
  const serialization = numberAt(objectAt(document, "Serialization") ?? {}, "Time");
  const triggers = readTriggers(document);
  const parts = (nodes[0]?.processTime ?? 0) + (serialization ?? 0) + triggers.reduce((sum, trigger) => sum + (trigger.timeMs ?? 0), 0);
  const excess = execution === undefined ? 0 : parts - execution;
  return { execution, serialization, triggers: placeTriggers(triggers, nodes, excess) };
}

function attributeAll(layout: Layout, columns: Columns, triggers: readonly Trigger[]): ReadonlyMap<Figure, Attribution> {
  const inside = triggers.flatMap((trigger, position) =>
    trigger.inside === undefined ? [] : [{ node: Number(trigger.inside), amount: trigger.timeMs ?? 0, trigger: position }],
  );
  return new Map([...columns].map(([figure, column]) => [figure, attribute(layout, column, figure === "time" ? inside : [])]));
}

function entriesOf(columns: Columns, attributions: ReadonlyMap<Figure, Attribution>) {
  return [...columns].flatMap(([figure, { measure }]) => {
    const found = attributions.get(figure);
    return found ? [{ measure, found }] : [];
  });
}

/** What of the execution no node accounts for. Absent where times are. */
function closing(
  nodes: readonly RawNode[],
  totals: Totals,
  time: Attribution | undefined,
  participants: Participants,
): Pick<Plan, "unattributedMs" | "timeErrorMs"> {
  if (!time || totals.execution === undefined) return {};
  const self = time.self.reduce((sum, value, index) => sum + value / (participants.count[index] ?? 1), 0);
  const triggers = totals.triggers.reduce((sum, trigger) => sum + (trigger.timeMs ?? 0), 0);
  const rounded = time.discrepancies.filter(({ cause }) => cause === "rounding").reduce((sum, { amount }) => sum + amount, 0);
  return {
    unattributedMs: totals.execution - triggers - (totals.serialization ?? 0) - self,
    timeErrorMs: timeRounding * (2 + totals.triggers.length + (nodes[0]?.loops ?? 1)) + rounded,
  };
}

function totalCounters(columns: Columns, attributions: ReadonlyMap<Figure, Attribution>): Partial<Plan> {
  const total = grouped((figure) => attributions.get(figure)?.total);
  const rest = grouped((figure) => {
    const found = attributions.get(figure);
    return found && found.total - found.self.reduce((sum, value) => sum + value, 0);
  });
  const rounded = [...columns.values()]
    .filter(({ measure }) => measure.figure.startsWith("io"))
    .map(({ measure }) => attributions.get(measure.figure)?.discrepancies.reduce((sum, { amount }) => sum + amount, 0) ?? 0);
  return {
    buffers: total.buffers,
    unattributedBuffers: rest.buffers,
    ioTimes: total.ioTimes,
    unattributedIoTimes: rest.ioTimes,
    ioTimeErrorMs: rest.ioTimes && timeRounding + Math.max(...rounded, 0),
    wal: total.wal,
    unattributedWal: rest.wal,
  };
}

/** Planning and serialization, which are no part of any node. */
function aroundExecution(document: JsonObject): Partial<Plan> {
  const planning = objectAt(document, "Planning");
  const serialization = objectAt(document, "Serialization");
  const planned = reportedBy(planning);
  const used = planning && numberAt(planning, "Memory Used");
  const { buffers, ioTimes } = reportedBy(serialization);
  return {
    planningTimeMs: numberAt(document, "Planning Time"),
    planningBuffers: planned.buffers,
    planningIoTimes: planned.ioTimes,
    planningMemory: used === undefined ? undefined : { usedKb: used, allocatedKb: planning && numberAt(planning, "Memory Allocated") },
    serializationMs: serialization && numberAt(serialization, "Time"),
    serialization: serialization && {
      timeMs: numberAt(serialization, "Time"),
      volumeKb: numberAt(serialization, "Output Volume"),
      format: textAt(serialization, "Format"),
      buffers,
      ioTimes,
    },
  };
}
