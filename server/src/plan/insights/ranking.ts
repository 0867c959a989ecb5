import type { PlanNode } from "#protocol/plan";
import { percent } from "../format.js";
import type { InsightDraft, InsightRule } from "./insight.js";
import { baseAlias } from "./siblings.js";
import type { InsightSubject } from "./subject.js";

export interface Finding {
  readonly rule: InsightRule;
  readonly node: PlanNode;
  readonly draft: InsightDraft;
}

/** One cause, one insight: what another finding says better or names as its cause is left out; like findings of partitions are one. */
export function distinctFindings(found: readonly Finding[], subject: InsightSubject): readonly Finding[] {
  const left = leftOut(found, subject);
  return mergePartitions(
    found.filter((finding) => !left.has(finding)),
    subject,
  );
}

const estimates: readonly string[] = ["row-misestimate", "correlated-columns", "stale-statistics"];

function leftOut(found: readonly Finding[], subject: InsightSubject): ReadonlySet<Finding> {
  const byRule = new Map<string, Finding[]>();
  const byPlace = new Map<string, Finding>();
  for (const finding of found) {
    append(byRule, finding.rule.id, finding);
    byPlace.set(`${finding.rule.id} ${finding.node.id}`, finding);
  }
  const at = (node: PlanNode, rules: readonly string[]): readonly Finding[] =>
    rules.flatMap((rule) => byPlace.get(`${rule} ${node.id}`) ?? []);
  const of = (rules: readonly string[]): readonly Finding[] => rules.flatMap((rule) => byRule.get(rule) ?? []);
  const covered = found.flatMap(({ rule, node, draft }) => [
    ...at(node, rule.replaces?.here ?? []),
    ...of(rule.replaces?.below ?? []).filter((other) => subject.isBelow(other.node, node)),
    ...of(rule.replaces?.above ?? []).filter((other) => subject.isBelow(node, other.node)),
    ...(draft.explains ?? []).flatMap((wrong) => at(wrong, estimates)),
  ]);
  return new Set(covered);
}

/** Partitions of one table have the same conditions and indexes: the dearest speaks for all. */
function mergePartitions(findings: readonly Finding[], subject: InsightSubject): readonly Finding[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const base = baseAlias(finding.node);
    const key =
      base === undefined ? `${finding.rule.id} ${finding.node.id}` : `${finding.rule.id} of ${base} below ${finding.node.parent ?? ""}`;
    append(groups, key, finding);
  }
  return [...groups.values()].flatMap((group) => merge(group, subject));
}

function merge(group: readonly Finding[], subject: InsightSubject): readonly Finding[] {
  const [dearest, ...others] = [...group].sort((a, b) => b.draft.share - a.draft.share);
  if (!dearest || others.length === 0) return group;
  const share = Math.min(
    group.reduce((sum, { draft }) => sum + draft.share, 0),
    1,
  );
  const parent = subject.parent(dearest.node);
  const message = `${dearest.draft.message} The same holds for ${others.length} more ${others.length === 1 ? "partition" : "partitions"}${parent ? ` below ${parent.title}` : ""}, together ${percent(share)}.`;
  return [{ ...dearest, draft: { ...dearest.draft, message, share } }];
}

function append<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
