import type { Plan } from "#protocol/plan";
import { useMemo, useState } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import { formatCount, formatShare } from "../../common/numbers.js";
import { heatOf } from "../heat.js";
import type { Column } from "./columns.js";
import { groupNodes, sortGroups, sumOf, type GroupBy, type NodeGroup } from "./groups.js";
import { remaindersOf } from "./remainder.js";
import { nextSort, type Sort } from "./rows.js";

interface GroupProps {
  readonly plan: Plan;
  readonly by: GroupBy;
  readonly columns: readonly Column[];
  /** Shows a group's nodes: looks for its name. */
  readonly search: (text: string) => void;
}

const titles: Record<GroupBy, string> = { relation: "Relation", index: "Index", type: "Node type" };

/** Sums per relation, index or node type. Few rows, so an ordinary table; only columns that can be summed up. */
export function GroupTable({ plan, by, columns, search }: GroupProps) {
  const [sort, setSort] = useState<Sort | undefined>(undefined);
  const additive = useMemo(() => columns.filter(({ total }) => total?.(plan) !== undefined), [columns, plan]);
  const column = additive.find(({ id }) => id === sort?.column) ?? additive[0];
  const groups = useMemo(() => sortGroups(groupNodes(plan, by), column, sort?.descending ?? true), [plan, by, column, sort?.descending]);
  return (
    <div class="groups" tabIndex={0} role="region" aria-label={`Sums by ${titles[by].toLowerCase()}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{titles[by]}</th>
            <th scope="col" class="number">
              Nodes
            </th>
            {additive.map(({ id, label, hint }) => (
              <th key={id} scope="col" class="number" title={hint} aria-sort={ariaSort(id, column, sort)}>
                <button type="button" onClick={() => setSort(nextSort(sort ?? { column: column?.id ?? "", descending: true }, id))}>
                  {column?.id === id && <Icon name={sort?.descending === false ? "arrow-up" : "arrow-down"} />}
                  {label}
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <GroupRow key={group.name} plan={plan} group={group} columns={additive} search={search} />
          ))}
        </tbody>
        <tfoot>
          {remaindersOf(plan).map((line) => (
            <tr key={line.label} class={line.total ? "total" : ""}>
              <th scope="row">{line.label}</th>
              <td class="number">{line.total ? formatCount(plan.nodes.length) : ""}</td>
              {additive.map((one) => {
                const value = line.value(one);
                return (
                  <td key={one.id} class="number">
                    {value === undefined ? "" : one.format(value)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tfoot>
      </table>
    </div>
  );
}

function ariaSort(id: string, column: Column | undefined, sort: Sort | undefined): "ascending" | "descending" | "none" {
  if (column?.id !== id) return "none";
  return sort?.descending === false ? "ascending" : "descending";
}

function GroupRow({
  plan,
  group,
  columns,
  search,
}: {
  plan: Plan;
  group: NodeGroup;
  columns: readonly Column[];
  search: (text: string) => void;
}) {
  return (
    <tr>
      <th scope="row">
        {group.named ? (
          <button type="button" class="link" title="Find these nodes" onClick={() => search(group.name)}>
            {group.name}
          </button>
        ) : (
          <span class="muted">{group.name}</span>
        )}
      </th>
      <td class="number">{formatCount(group.nodes.length)}</td>
      {columns.map((column) => (
        <GroupCell key={column.id} plan={plan} group={group} column={column} />
      ))}
    </tr>
  );
}

function GroupCell({ plan, group, column }: { plan: Plan; group: NodeGroup; column: Column }) {
  const value = sumOf(group.nodes, column);
  if (value === undefined) return <td class="number" />;
  const whole = column.total?.(plan);
  const share = column.id === "self" && whole ? value / whole : undefined;
  return (
    <td class={`number${value === 0 ? " muted" : ""}`}>
      {share !== undefined && (
        <span class={`track heat-${heatOf(share)}`} aria-hidden="true">
          <span class="bar" style={{ width: `${Math.min(1, share) * 100}%` }} />
        </span>
      )}
      <span class="value">{column.format(value)}</span>
      {share !== undefined && <span class="share muted">{formatShare(Math.min(1, share))}</span>}
    </td>
  );
}
