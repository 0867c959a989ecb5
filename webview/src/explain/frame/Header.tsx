import { Button } from "../../common/Button.js";
import { Icon } from "../../common/Icon.js";
import { post } from "../../common/host.js";
import { isSingleFile } from "../../common/singleFile.js";
import { formatBlocks, formatCount, formatCost, formatTime } from "../../common/numbers.js";
import type { RunStatistics } from "#protocol/history";
import { derivationOfRest } from "#protocol/derivation";
import { Figure } from "./Figure.js";
import { ExportMenu } from "../export/ExportMenu.js";
import type { Explained, PageState } from "../pageState.js";
import type { PlanIndex } from "../planIndex.js";

export function Header({ state, index }: { state: PageState; index: PlanIndex | undefined }) {
  const { explained, running } = state;
  return (
    <header>
      <div class="headline">
        <div class="what">
          <h1 class="clips" title={explained?.result.sql}>
            {explained ? titleOf(explained) : "Query plan"}
          </h1>
          {explained && <Origin explained={explained} />}
        </div>
        <div class="actions" role="toolbar" aria-label="Plan">
          {running ? (
            <Stop running={running} />
          ) : (
            explained?.result.connection && !isSingleFile() && <RunButtons analyzed={explained.result.plan.analyzed} />
          )}
          {explained && <PlanButtons explained={explained} />}
        </div>
      </div>
      <div class="progress" aria-live="polite">
        {running && (
          <>
            <vscode-progress-bar aria-label={running.title} />
            <span class="visually-hidden">{running.title}</span>
          </>
        )}
      </div>
      {index && <Summary index={index} statistics={explained?.result.statistics} />}
    </header>
  );
}

function Stop({ running }: { running: NonNullable<PageState["running"]> }) {
  return (
    <>
      <span class="muted clips">{running.title} …</span>
      {running.cancellable && <Button primary icon="debug-stop" label="Stop" onPress={() => post({ type: "cancel" })} />}
    </>
  );
}

function RunButtons({ analyzed }: { analyzed: boolean }) {
  return (
    <>
      {!analyzed && <Button primary icon="play" label="Analyze" onPress={() => post({ type: "analyze" })} />}
      <Button shrinks icon="refresh" label="Run again" onPress={() => post({ type: analyzed ? "analyze" : "explainAgain" })} />
    </>
  );
}

function PlanButtons({ explained }: { explained: Explained }) {
  const { plan } = explained.result;
  return (
    <>
      {!isSingleFile() && <Button shrinks icon="diff" label="Compare" onPress={() => post({ type: "compare" })} />}
      <Button shrinks icon="copy" label="Copy plan" onPress={() => post({ type: "copy", text: plan.source, what: "Plan" })} />
      <ExportMenu explained={explained} />
    </>
  );
}

function Origin({ explained }: { explained: Explained }) {
  const { connection, origin } = explained.result;
  const { source } = explained;
  return (
    <p class="origin muted">
      {connection && (
        <>
          <span class={`class-badge class-${connection.class}`}>{connection.class}</span>
          <span title={connection.target}>{connection.name}</span>
          {connection.serverVersion && <span>PostgreSQL {connection.serverVersion}</span>}
        </>
      )}
      {origin && <span>{origin}</span>}
      {source && !isSingleFile() && (
        <button
          type="button"
          class="link clips"
          title={`${source.file}:${source.line}`}
          onClick={() => post({ type: "openSource", file: source.file, line: source.line })}
        >
          {baseName(source.file)}:{source.line}
          {source.code && <code>{source.code}</code>}
        </button>
      )}
    </p>
  );
}

function Summary({ index, statistics }: { index: PlanIndex; statistics: RunStatistics | undefined }) {
  const { plan, root, slowest } = index;
  const blocks = plan.buffers ?? root?.buffers;
  return (
    <div class="summary">
      <dl>
        <Figure
          label="Execution"
          value={plan.executionTimeMs === undefined ? undefined : formatTime(plan.executionTimeMs)}
          strong
          derivation={derivationOfRest(plan, "time")}
        />
        {statistics && <Figure label={`Median of ${statistics.runs} runs`} value={spreadOf(statistics)} />}
        {!plan.analyzed && <Figure label="Cost" value={root?.totalCost === undefined ? undefined : formatCost(root.totalCost)} strong />}
        <Figure label="Planning" value={plan.planningTimeMs === undefined ? undefined : formatTime(plan.planningTimeMs)} />
        <Figure label={plan.analyzed ? "Rows" : "Estimated rows"} value={rowsOf(plan.analyzed ? root?.rows : root?.estimatedRows)} />
        <Figure label="Shared hit" value={blocks && formatBlocks(blocks.sharedHit)} />
        <Figure label="Shared read" value={blocks && formatBlocks(blocks.sharedRead)} />
        {blocks && blocks.tempWritten > 0 && <Figure label="Temp written" value={formatBlocks(blocks.tempWritten)} />}
        <Figure optional label="Slowest node" value={slowest && `${slowest.type}${slowest.relation ? ` on ${slowest.relation}` : ""}`} />
      </dl>
      {!plan.analyzed && (
        <p class="hint muted">
          <Icon name="info" /> Estimates only: the statement was not run.
        </p>
      )}
    </div>
  );
}

function rowsOf(rows: number | undefined): string | undefined {
  return rows === undefined ? undefined : formatCount(rows);
}

/** The middle half of the times: what one may expect of the next run. */
function spreadOf({ medianMs, lowerQuartileMs, upperQuartileMs }: RunStatistics): string {
  return `${formatTime(medianMs)} (${formatTime(lowerQuartileMs)}–${formatTime(upperQuartileMs)})`;
}

/** A plan that was pasted may come without its statement. */
function titleOf({ result: { sql, plan } }: Explained): string {
  return sql.trim() === "" ? (plan.nodes[0]?.title ?? "Query plan") : oneLine(sql);
}

function oneLine(sql: string): string {
  return sql.trim().split(/\s+/).join(" ").slice(0, 400);
}

function baseName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}
