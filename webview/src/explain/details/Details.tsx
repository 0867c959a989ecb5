import type { SqlFragment, TableFacts } from "#protocol/explained";
import type { Plan, PlanInsight, PlanNode } from "#protocol/plan";
import { useMemo } from "preact/hooks";
import { CopyButton } from "../../common/CopyButton.js";
import { Prose } from "../../common/Prose.js";
import { SeverityIcon } from "../../common/Severity.js";
import type { PlanIndex } from "../planIndex.js";
import { counterTables, type CounterTable } from "./counters.js";
import { AskedSteps, DerivedNumber } from "./DerivedNumber.js";
import { FactList } from "./FactList.js";
import { groupsOf, type Fact, type FactGroup } from "./groups.js";
import { nodeText } from "./nodeText.js";
import { StatementParts, TableOf } from "./Origin.js";
import { Workers } from "./Workers.js";

interface DetailsProps {
  readonly index: PlanIndex;
  readonly node: PlanNode;
  readonly sql: string;
  readonly fragments: readonly SqlFragment[];
  readonly tables: readonly TableFacts[];
  readonly onShowSql: () => void;
}

/** Everything that is known of a node. */
export function Details({ index: { plan, insights }, node, sql, fragments, tables, onShowSql }: DetailsProps) {
  const own = useMemo(() => fragments.filter((fragment) => fragment.node === node.id), [fragments, node]);
  return (
    <div class="details">
      <div class="details-head">
        <h2 class="wraps">{node.title}</h2>
        <CopyButton text={nodeText(plan, node)} what="Node" label="Copy everything of this node" iconOnly />
      </div>
      {(insights.get(node.id) ?? []).map((insight) => (
        <InsightText key={`${insight.rule} ${insight.message}`} insight={insight} />
      ))}
      {[...(node.notes ?? []), ...(node.parent === undefined ? (plan.notes ?? []) : [])].map((note) => (
        <p key={note} class="muted wraps">
          {note}
        </p>
      ))}
      {groupsOf(plan, node).map((group) => (
        <Group key={group.title} plan={plan} node={node} group={group} />
      ))}
      {counterTables(node).map((table) => (
        <Counters key={table.title} plan={plan} node={node} table={table} />
      ))}
      <Workers node={node} />
      <StatementParts sql={sql} fragments={own} onShow={onShowSql} />
      <TableOf node={node} tables={tables} />
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

interface GroupProps {
  readonly plan: Plan;
  readonly node: PlanNode;
  readonly group: FactGroup;
}

function Group({ plan, node, group }: GroupProps) {
  const idle = group.facts.filter((fact) => fact.idle);
  const telling = group.facts.filter((fact) => !fact.idle);
  const value = ({ figure, label, value: text }: Fact) =>
    figure && <DerivedNumber node={node} figure={figure} text={text} label={label.toLowerCase()} />;
  const below = ({ figure }: Fact) => figure && <AskedSteps plan={plan} node={node} figure={figure} />;
  return (
    <section>
      <h3>{group.title}</h3>
      {telling.length > 0 && <FactList facts={telling} value={value} below={below} />}
      {idle.length > 0 && (
        <details>
          <summary class="muted">{idle.length} at zero or off</summary>
          <FactList facts={idle} />
        </details>
      )}
    </section>
  );
}

function Counters({ plan, node, table }: { plan: Plan; node: PlanNode; table: CounterTable }) {
  const sized = table.rows.some(({ size }) => size !== undefined);
  return (
    <section>
      <h3>{table.title}</h3>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{table.unit === "" ? <span class="visually-hidden">Counter</span> : table.unit}</th>
            <th scope="col">Self</th>
            <th scope="col">With children</th>
            {sized && <th scope="col">Size</th>}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              <td>
                {row.self !== undefined && (
                  <DerivedNumber node={node} figure={row.figure} text={row.self} label={`${row.label.toLowerCase()} of the node itself`} />
                )}
              </td>
              <td>{row.total}</td>
              {sized && <td class="muted">{row.size}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {table.rows.map(({ figure }) => (
        <AskedSteps key={figure} plan={plan} node={node} figure={figure} />
      ))}
    </section>
  );
}
