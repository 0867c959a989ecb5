import type { ComparedNode } from "#protocol/comparison";
import type { PlanNode } from "#protocol/plan";
import { formatBlocks, formatCost, formatCount, formatRows, formatTime } from "../common/numbers.js";
import { factsOf, nodeOf, type Comparison, type Fact } from "./model.js";

/** One step with all that both plans say of it, side by side. */
export function Step({ node, comparison: { before, after } }: { node: ComparedNode; comparison: Comparison }) {
  const [old, now] = [nodeOf(before.plan, node.before), nodeOf(after.plan, node.after)];
  const facts = [...figuresOf(old, now), ...factsOf(old, now)];
  return (
    <div class="step-details">
      <h2 class="wraps">{node.title}</h2>
      <p class="muted">{standing(node)}</p>
      {node.changes.length > 0 && (
        <ul class="changes">
          {node.changes.map((change) => (
            <li key={change} class="wraps">
              {change}
            </li>
          ))}
        </ul>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Fact</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {facts.map((fact) => (
            <tr key={fact.key} class={fact.before === fact.after ? "" : "differs"}>
              <th scope="row">{fact.key}</th>
              <td class="wraps">{fact.before ?? "–"}</td>
              <td class="wraps">{fact.after ?? "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function standing({ kind }: ComparedNode): string {
  switch (kind) {
    case "same":
      return "Both plans do this step in the same way.";
    case "changed":
      return "Both plans do this step, in different ways.";
    case "added":
      return "Only the plan after has this step.";
    case "removed":
      return "Only the plan before has this step.";
  }
}

const figures: readonly { key: string; show: (node: PlanNode) => string | undefined }[] = [
  { key: "Self time", show: ({ selfWallTimeMs }) => shown(selfWallTimeMs, formatTime) },
  { key: "Time with what is below", show: ({ wallTimeMs }) => shown(wallTimeMs, formatTime) },
  { key: "Rows", show: ({ rows, rowsError }) => shown(rows, (value) => formatRows(value, rowsError)) },
  { key: "Estimated rows per loop", show: ({ estimatedRows }) => shown(estimatedRows, formatCount) },
  { key: "Loops", show: ({ loops }) => shown(loops, formatCount) },
  { key: "Shared blocks hit", show: ({ selfBuffers }) => shown(selfBuffers?.sharedHit, formatBlocks) },
  { key: "Shared blocks read", show: ({ selfBuffers }) => shown(selfBuffers?.sharedRead, formatBlocks) },
  { key: "Temp blocks written", show: ({ selfBuffers }) => shown(selfBuffers?.tempWritten || undefined, formatBlocks) },
  { key: "Total cost", show: ({ totalCost }) => shown(totalCost, formatCost) },
];

function figuresOf(before: PlanNode | undefined, after: PlanNode | undefined): Fact[] {
  return figures
    .map(({ key, show }) => ({ key, before: before && show(before), after: after && show(after) }))
    .filter((fact) => fact.before !== undefined || fact.after !== undefined);
}

const shown = (value: number | undefined, show: (value: number) => string): string | undefined =>
  value === undefined ? undefined : show(value);
