import type { PlanInsight, PlanNode } from "#protocol/plan";
import { SeverityIcon, bySeverity } from "../../common/Severity.js";
import { formatCount } from "../../common/numbers.js";
import type { PlanIndex } from "../planIndex.js";
import { bufferRows, groupsOf, type FactGroup } from "./groups.js";

export function Details({ index, node }: { index: PlanIndex; node: PlanNode }) {
  const insights = [...(index.insights.get(node.id) ?? [])].sort(bySeverity);
  return (
    <div class="details">
      <h2 class="wraps">{node.title}</h2>
      {insights.map((insight) => (
        <InsightText key={`${insight.rule} ${insight.message}`} insight={insight} />
      ))}
      {groupsOf(index.plan, node).map((group) => (
        <Group key={group.title} group={group} />
      ))}
      <BufferTable node={node} />
    </div>
  );
}

export function InsightText({ insight }: { insight: PlanInsight }) {
  return (
    <div class={`note note-${insight.severity}`}>
      <SeverityIcon severity={insight.severity} />
      <div>
        <p class="wraps">{insight.message}</p>
        <p class="wraps muted">{insight.advice}</p>
      </div>
    </div>
  );
}

function Group({ group }: { group: FactGroup }) {
  return (
    <section>
      <h3>{group.title}</h3>
      <dl>
        {group.facts.map((fact) => (
          <div key={fact.label} class={fact.long ? "long" : ""}>
            <dt>{fact.label}</dt>
            <dd class="wraps">{fact.value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function BufferTable({ node }: { node: PlanNode }) {
  const rows = bufferRows(node);
  if (rows.length === 0) return null;
  return (
    <section>
      <h3>Buffers</h3>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">8 kB blocks</th>
            <th scope="col">Self</th>
            <th scope="col">With children</th>
            <th scope="col">Size</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              <td>{row.self === undefined ? "" : formatCount(row.self)}</td>
              <td>{formatCount(row.total)}</td>
              <td class="muted">{row.bytes}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
