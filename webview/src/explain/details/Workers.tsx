import type { PlanNode, WorkerFigures } from "#protocol/plan";
import { formatCount, formatTimeExact } from "../../common/numbers.js";

const columns: readonly { readonly label: string; readonly value: (worker: WorkerFigures) => string | undefined }[] = [
  { label: "Time", value: ({ processTimeMs: ms }) => (ms === undefined ? undefined : formatTimeExact(ms)) },
  { label: "Rows", value: ({ rows }) => (rows === undefined ? undefined : formatCount(rows)) },
  { label: "Loops", value: ({ loops }) => (loops === undefined ? undefined : formatCount(loops)) },
  { label: "Hit", value: ({ buffers }) => buffers && formatCount(buffers.sharedHit) },
  { label: "Read", value: ({ buffers }) => buffers && formatCount(buffers.sharedRead) },
  { label: "Temp", value: ({ buffers }) => buffers && formatCount(buffers.tempRead + buffers.tempWritten) },
  {
    label: "Sort",
    value: ({ sortMethod, sortSpaceKb: kb, sortSpaceType }) =>
      sortMethod && `${sortMethod}${kb === undefined ? "" : `, ${formatCount(kb)} kB ${(sortSpaceType ?? "").toLowerCase()}`}`,
  },
];

/** What each process did: an uneven share is seen here and nowhere else. */
export function Workers({ node }: { readonly node: PlanNode }) {
  const workers = node.workers ?? [];
  if (workers.length === 0) return null;
  const shown = columns.filter(({ value }) => workers.some((worker) => (value(worker) ?? "0") !== "0"));
  return (
    <section>
      <h3>Processes</h3>
      <div class="wide" tabIndex={0} role="region" aria-label="Processes">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Process</th>
              {shown.map(({ label }) => (
                <th key={label} scope="col">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <tr key={worker.number ?? "leader"}>
                <th scope="row">{worker.number === undefined ? "Leader" : `Worker ${worker.number}`}</th>
                {shown.map(({ label, value }) => (
                  <td key={label}>{value(worker)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {workers.flatMap((worker) =>
        worker.details.map(({ key, value }) => (
          <p key={`${worker.number} ${key}`} class="muted wraps">
            {worker.number === undefined ? "Leader" : `Worker ${worker.number}`}: {key} {value}
          </p>
        )),
      )}
    </section>
  );
}
