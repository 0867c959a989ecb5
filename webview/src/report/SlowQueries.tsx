import type { SlowQuery } from "#protocol/workload";
import { formatCount, formatShare, formatTime } from "../common/numbers.js";

export function SlowQueries({ queries }: { queries: readonly SlowQuery[] }) {
  if (queries.length === 0) return null;
  return (
    <section>
      <h2>Slow queries</h2>
      <div class="scrolls" role="region" aria-label="Slow queries" tabIndex={0}>
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">Statement</th>
              <th scope="col">Share of time</th>
              <th scope="col">Total</th>
              <th scope="col">Mean</th>
              <th scope="col">Calls</th>
              <th scope="col">Rows</th>
              <th scope="col">Blocks read</th>
            </tr>
          </thead>
          <tbody>
            {queries.map((query) => (
              <tr key={`${query.queryId} ${query.user ?? ""} ${query.database ?? ""}`}>
                <th scope="row" title={query.query}>
                  <span class="statement">{query.query.trim().split(/\s+/).join(" ")}</span>
                </th>
                <td>
                  <span class="share">
                    <span class="track" aria-hidden="true">
                      <span style={{ width: `${Math.min(1, query.share) * 100}%` }} />
                    </span>
                    {formatShare(query.share)}
                  </span>
                </td>
                <td>{formatTime(query.totalTimeMs)}</td>
                <td>{formatTime(query.meanTimeMs)}</td>
                <td>{formatCount(query.calls)}</td>
                <td>{formatCount(query.rows)}</td>
                <td>{formatCount(query.sharedBlocksRead)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
