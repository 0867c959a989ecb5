import type { Failure } from "#protocol/failure";
import { Icon } from "./Icon.js";

const headings: Record<Failure["kind"], string> = {
  usage: "This cannot be run",
  refused: "Refused",
  unreachable: "The database cannot be reached",
  database: "PostgreSQL reports an error",
  cancelled: "Stopped",
  internal: "Something went wrong inside the extension",
};

export function FailureView({ failure }: { failure: Failure }) {
  const place = failure.position;
  return (
    <div class={`failure failure-${failure.kind}`} role="alert">
      <Icon name={failure.kind === "cancelled" ? "debug-stop" : failure.kind === "refused" ? "shield" : "error"} />
      <div>
        <h2>{headings[failure.kind]}</h2>
        <p class="wraps">{failure.message}</p>
        {place && (
          <p class="muted">
            Line {place.line}, column {place.column} of the statement.
          </p>
        )}
        {failure.advice && <p class="wraps">{failure.advice}</p>}
      </div>
    </div>
  );
}
