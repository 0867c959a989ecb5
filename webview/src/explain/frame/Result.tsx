import { useCallback, useRef } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import type { Explained } from "../pageState.js";
import type { PlanIndex } from "../planIndex.js";
import { usePlanView } from "../usePlanView.js";
import { Views } from "../views/Views.js";
import { Side } from "./Side.js";

const noFragments: NonNullable<Explained["result"]["fragments"]> = [];

/** A plan with its views, and what is said about it beside them. */
export function Result({ explained: { result }, index }: { explained: Explained; index: PlanIndex }) {
  const side = useRef<HTMLElement>(null);
  const toDetails = useCallback(() => side.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus(), []);
  const props = usePlanView(index, toDetails);
  return (
    <div class="result">
      <main>
        {result.notes.length > 0 && (
          <ul class="notes">
            {result.notes.map((note) => (
              <li key={note}>
                <Icon name="info" />
                <span class="wraps">{note}</span>
              </li>
            ))}
          </ul>
        )}
        <Views {...props} sql={result.sql} fragments={result.fragments ?? noFragments} />
      </main>
      <Side {...props} suggestions={result.suggestions} place={side} />
    </div>
  );
}
