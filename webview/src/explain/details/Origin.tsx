import type { IndexFacts, SqlFragment, TableFacts } from "#protocol/explained";
import type { PlanNode } from "#protocol/plan";
import { CopyButton } from "../../common/CopyButton.js";
import { formatBytes, formatCount } from "../../common/numbers.js";
import type { Fact } from "./groups.js";
import { FactList } from "./FactList.js";

const kinds: Record<SqlFragment["kind"], string> = {
  relation: "Table",
  condition: "Condition",
  order: "Order",
  group: "Groups",
  limit: "Limit",
  with: "WITH query",
};

/** Which part of the statement the node comes from. */
export function StatementParts({ sql, fragments, onShow }: { sql: string; fragments: readonly SqlFragment[]; onShow: () => void }) {
  if (fragments.length === 0) return null;
  const facts = fragments.map(({ kind, start, end }): Fact => ({ label: kinds[kind], value: sql.slice(start, end), long: true }));
  return (
    <section>
      <h3>In the statement</h3>
      <FactList facts={facts} />
      <button type="button" class="link" onClick={onShow}>
        Show in the SQL
      </button>
    </section>
  );
}

/** What the catalog knew of the node's table and its indexes when the statement was explained. */
export function TableOf({ node, tables }: { node: PlanNode; tables: readonly TableFacts[] }) {
  const table = tables.find(
    ({ schema, name, indexes }) =>
      (name === node.relation && (node.schema === undefined || schema === node.schema)) ||
      (node.relation === undefined && indexes.some((index) => index.name === node.index)),
  );
  if (!table) return null;
  return (
    <section>
      <h3 class="wraps">
        Table {table.schema === "public" ? "" : `${table.schema}.`}
        {table.name}
      </h3>
      <FactList facts={tableFacts(table)} />
      {table.indexes.length > 0 && (
        <ul class="indexes">
          {table.indexes.map((index) => (
            <li key={index.name} class={index.name === node.index ? "used" : ""}>
              <div class="index-head">
                <strong class="wraps">{index.name}</strong>
                {index.name === node.index && <span class="chip">used here</span>}
                {!index.valid && <span class="chip severe">invalid</span>}
                <span class="muted">{indexFacts(index)}</span>
                <CopyButton text={index.definition} what="CREATE INDEX" label={`Copy definition of ${index.name}`} iconOnly />
              </div>
              <code class="wraps">{index.definition}</code>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function tableFacts({ rows, bytes, liveRows, deadRows, lastAnalyze, lastVacuum }: TableFacts): Fact[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ["Rows, as the planner counts", rows === undefined ? "never analysed" : formatCount(rows)],
    ["Size", bytes === undefined ? undefined : formatBytes(bytes)],
    ["Live rows", liveRows === undefined ? undefined : formatCount(liveRows)],
    ["Dead rows", deadRows === undefined ? undefined : formatCount(deadRows)],
    ["Last ANALYZE", lastAnalyze && when(lastAnalyze)],
    ["Last VACUUM", lastVacuum && when(lastVacuum)],
  ];
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]));
}

function indexFacts({ bytes, scans, unique }: IndexFacts): string {
  const parts = [
    unique ? "unique" : undefined,
    bytes === undefined ? undefined : formatBytes(bytes),
    scans === undefined ? undefined : `${formatCount(scans)} scans`,
  ];
  return parts.filter((part) => part !== undefined).join(" · ");
}

/** As the reader's system writes times; the server's own text where that is no time. */
function when(text: string): string {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? text : time.toLocaleString();
}
