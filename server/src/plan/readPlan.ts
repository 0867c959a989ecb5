import type { Plan } from "#protocol/plan";
import { attribute, type Attribution } from "./attribution.js";
import { noBuffers, readBuffers, subtractBuffers, addBuffers, mapBuffers } from "./buffers.js";
import { rowRatios } from "./estimates.js";
import { findHosts } from "./hosts.js";
import { display, isObject, numberAt, objectAt, type Json, type JsonObject } from "./json.js";
import { bufferMeasures, timeMeasure, timeRounding } from "./measures.js";
import { buildNode, type NodeFigures } from "./node.js";
import { jitNote, notesOf } from "./notes.js";
import { countParticipants } from "./participants.js";
import { isGather, readTree, type RawNode } from "./rawTree.js";
import type { PlanDocument } from "./read/document.js";
import { placeTriggers, readTriggers, type Trigger } from "./triggers.js";

export type PlanReading = { readonly plan: Plan; readonly problem?: undefined } | { readonly problem: string; readonly plan?: undefined };

/** Reads what EXPLAIN (FORMAT JSON) of PostgreSQL 10 and later sends. Never throws. */
export function planFromJson(source: string): PlanReading {
  let json: Json;
  try {
    json = JSON.parse(source) as Json;
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
  const document: Json | undefined = Array.isArray(json) ? (json as readonly Json[])[0] : json;
  if (!isObject(document)) return { problem: "The JSON holds no plan: expected an object with the key “Plan”, or a list with one." };
  const root = objectAt(document, "Plan");
  if (!root) return { problem: "The JSON holds no plan: the key “Plan” is missing. Utility statements have none." };
  return { plan: build(document, root, source) };
}

/** The plan of a document that was read from any format. */
export function planOfDocument({ keys, places }: PlanDocument, source: string): Plan {
  return build(keys, objectAt(keys, "Plan") ?? {}, source, places);
}

function build(document: JsonObject, root: JsonObject, source: string, places: PlanDocument["places"] = new Map()): Plan {
  const nodes = readTree(root, places);
  const hosts = findHosts(nodes);
  const participants = countParticipants(nodes, (node) => hosts[node.index]?.[0] ?? node.parent);
  const totals = readTotals(document, nodes);
  const time = attributeTime(nodes, hosts, participants, totals.triggers);
  const buffers = nodes[0]?.buffers ? attributeBuffers(nodes, hosts) : undefined;
  const rowError = root["Disabled"] === undefined ? 0.5 : 0.005;
  const last = closing(nodes, totals, time, participants);
  const figures: NodeFigures = {
    hosts,
    participants,
    time,
    buffers: buffers?.self,
    ratios: rowRatios(nodes, participants, rowError),
    rowError,
  };
  return {
    analyzed: nodes[0]?.loops !== undefined,
    nodes: nodes.map((node) => buildNode(node, figures)),
    executionTimeMs: totals.execution,
    planningTimeMs: numberAt(document, "Planning Time"),
    ...last,
    triggers: [...totals.triggers],
    serializationMs: totals.serialization,
    jitMs: jitTime(document),
    buffers: buffers?.total,
    unattributedBuffers: buffers?.unattributed,
    planningBuffers: readBuffers(objectAt(document, "Planning")),
    notes: [...notesOf(nodes, time, buffers?.afterPlan ?? false), ...jitNote(jitTime(document), last.unattributedMs, totals.execution)],
    settings: Object.entries(objectAt(document, "Settings") ?? {}).map(([key, value]) => ({ key, value: display(value) })),
    insights: [],
    source,
  };
}

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

function attributeTime(
  nodes: readonly RawNode[],
  hosts: readonly (readonly number[])[],
  participants: readonly number[],
  triggers: readonly Trigger[],
): Attribution | undefined {
  if (nodes[0]?.processTime === undefined) return undefined;
  const shared = (child: RawNode): number => {
    const parent = child.parent === undefined ? undefined : nodes[child.parent];
    return parent && isGather(parent) && child.relationship === "Outer" ? (participants[child.index] ?? 1) : 1;
  };
  const inside = (node: RawNode): number =>
    triggers.reduce((sum, trigger) => sum + (trigger.inside === String(node.index) ? (trigger.timeMs ?? 0) : 0), 0);
  return attribute(nodes, hosts, timeMeasure, shared, inside);
}

/** What of the execution no node accounts for. Absent where times are. */
function closing(
  nodes: readonly RawNode[],
  totals: Totals,
  time: Attribution | undefined,
  participants: readonly number[],
): Pick<Plan, "unattributedMs" | "timeErrorMs"> {
  if (!time || totals.execution === undefined) return {};
  const self = time.self.reduce((sum, value, index) => sum + value / (participants[index] ?? 1), 0);
  const triggers = totals.triggers.reduce((sum, trigger) => sum + (trigger.timeMs ?? 0), 0);
  const rounded = time.discrepancies.filter(({ cause }) => cause === "rounding").reduce((sum, { amount }) => sum + amount, 0);
  return {
    unattributedMs: totals.execution - triggers - (totals.serialization ?? 0) - self,
    timeErrorMs: timeRounding * (2 + totals.triggers.length + (nodes[0]?.loops ?? 1)) + rounded,
  };
}

function attributeBuffers(nodes: readonly RawNode[], hosts: readonly (readonly number[])[]) {
  const attributions = bufferMeasures.map((measure) => ({ measure, ...attribute(nodes, hosts, measure, () => 1) }));
  const by = new Map(attributions.map((attribution) => [attribution.measure.name, attribution]));
  const self = nodes.map((_, index) => mapBuffers((counter) => by.get(counter)?.self[index] ?? 0));
  const beyond = mapBuffers((counter) =>
    (by.get(counter)?.discrepancies ?? []).reduce((sum, { cause, amount }) => sum + (cause === "after-plan" ? amount : 0), 0),
  );
  const total = addBuffers(nodes[0]?.buffers ?? noBuffers, beyond);
  const unattributed = subtractBuffers(total, self.reduce(addBuffers, noBuffers));
  return { self, total, unattributed, afterPlan: Object.values(beyond).some((count) => count > 0) };
}

function jitTime(document: JsonObject): number | undefined {
  const timing = objectAt(objectAt(document, "JIT") ?? {}, "Timing");
  return timing ? numberAt(timing, "Total") : undefined;
}
