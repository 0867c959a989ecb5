import type { PlanInsight, PlanNode } from "#protocol/plan";
import { Prose } from "../../common/Prose.js";
import { SeverityIcon } from "../../common/Severity.js";
import { formatCount } from "../../common/numbers.js";
import type { PlanIndex } from "../planIndex.js";
import { bufferRows, groupsOf, type Fact, type FactGroup } from "./groups.js";

export function Details({ index, node }: { index: PlanIndex; node: PlanNode }) {
  const insights = index.insights.get(node.id) ?? [];
  return (
    <div class="details">
      <h2 class="wraps">{node.title}</h2>
      {insights.map((insight) => (
        <InsightText key={`${insight.rule} ${insight.message}`} insight={insight} />
      ))}
      {[...(node.notes ?? []), ...(node.parent === undefined ? (index.plan.notes ?? []) : [])].map((note) => (
        <p key={note} class="muted wraps">
          {note}
        </p>
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
        <p class="wraps">
          <Prose text={insight.message} />
        </p>
        <p class="wraps muted">
          <Prose text={insight.advice} />
        </p>
      </div>
    </div>
  );
}

function Group({ group }: { group: FactGroup }) {
  const idle = group.facts.filter((fact) => fact.idle);
  const telling = group.facts.filter((fact) => !fact.idle);
  return (
    <section>
      <h3>{group.title}</h3>
      {telling.length > 0 && <FactList facts={telling} />}
      {idle.length > 0 && (
        <details>
          <summary class="muted">{idle.length} at zero or off</summary>
          <FactList facts={idle} />
        </details>
      )}
    </section>
  );
}

function FactList({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl>
      {facts.map((fact) => (
        <div key={fact.label} class={fact.long ? "long" : ""}>
          <dt>{fact.label}</dt>
          <dd class="wraps">{fact.value}</dd>
        </div>
      ))}
    </dl>
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
