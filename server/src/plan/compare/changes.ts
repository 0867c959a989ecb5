import type { PlanNode } from "#protocol/plan";
import { bytes } from "../format.js";
import { wayOf } from "../title.js";

/** What a step does otherwise in the later plan, one phrase each; nothing where only figures differ. */
export function changesOf(before: PlanNode, after: PlanNode): readonly string[] {
  const [old, way] = [wayOfNode(before), wayOfNode(after)];
  return [
    ...(way === old ? [] : [`${way} instead of ${old}`]),
    ...conditionKeys.flatMap((key) => conditionChange(key, detailOf(before, key), detailOf(after, key))),
    ...methodChange(before, after),
    ...batchesChange(before, after),
    ...workersChange(before, after),
    ...(before.neverExecuted === after.neverExecuted ? [] : [after.neverExecuted ? "not executed any more" : "executed now"]),
  ];
}

const conditionKeys = ["Index Cond", "Recheck Cond", "Hash Cond", "Merge Cond", "Join Filter", "Filter", "Sort Key", "Group Key"] as const;

/** What the node works on, as its title says it: "orders o". */
export function subjectOf(node: PlanNode): string | undefined {
  const on = node.title.slice(wayOfNode(node).length);
  return on.startsWith(" on ") ? on.slice(" on ".length) : undefined;
}

function wayOfNode(node: PlanNode): string {
  return wayOf(node.type, (key) => (key === "Index Name" ? node.index : detailOf(node, key)) ?? "");
}

function detailOf(node: PlanNode, key: string): string | undefined {
  return node.details.find((detail) => detail.key === key)?.value;
}

function conditionChange(key: string, before: string | undefined, after: string | undefined): readonly string[] {
  if (before === after) return [];
  if (after === undefined) return [`no ${key} any more, before ${before}`];
  return [before === undefined ? `${key} ${after} is new` : `${key} ${after} instead of ${before}`];
}

function methodChange(before: PlanNode, after: PlanNode): readonly string[] {
  const [old, now] = [methodOf(before), methodOf(after)];
  return old === undefined || now === undefined || old.where === now.where ? [] : [`sorted ${now.text} instead of ${old.text}`];
}

function methodOf(node: PlanNode): { where: string; text: string } | undefined {
  const where = detailOf(node, "Sort Space Type");
  if (where === undefined) return undefined;
  const used = Number(detailOf(node, "Sort Space Used") ?? NaN);
  const size = Number.isFinite(used) ? ` (${bytes(used * 1024)})` : "";
  return { where, text: `${where === "Disk" ? "on disk" : "in memory"}${size}` };
}

function batchesChange(before: PlanNode, after: PlanNode): readonly string[] {
  const [old, now] = ["Hash Batches", "HashAgg Batches"].flatMap((key) => {
    const pair = [detailOf(before, key), detailOf(after, key)];
    return pair.every((value) => value !== undefined) ? pair.map(Number) : [];
  });
  return old === undefined || now === undefined || old > 1 === now > 1
    ? []
    : [`${now} hash ${now === 1 ? "batch" : "batches"} instead of ${old}`];
}

function workersChange(before: PlanNode, after: PlanNode): readonly string[] {
  const [old, now] = [detailOf(before, "Workers Launched"), detailOf(after, "Workers Launched")];
  return old === undefined || now === undefined || old === now ? [] : [`${now} workers launched instead of ${old}`];
}
