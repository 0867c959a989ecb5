import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "../../common/Icon.js";
import { StepsProvider, type AskedFigure } from "../details/steps.js";
import type { Explained } from "../pageState.js";
import type { PlanIndex } from "../planIndex.js";
import { usePlanView } from "../usePlanView.js";
import { Views } from "../views/Views.js";
import { Side } from "./Side.js";

const nothing: readonly never[] = [];

/** A plan with its views, and what is said about it beside them. */
export function Result({ explained: { result }, index }: { explained: Explained; index: PlanIndex }) {
  const side = useRef<HTMLElement>(null);
  const toDetails = useCallback(() => side.current?.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus(), []);
  const props = usePlanView(index, toDetails);
  const [asked, ask] = useState<AskedFigure | undefined>(undefined);
  const steps = useMemo(() => ({ asked, ask, select: props.actions.select }), [asked, props.actions]);
  const { sql, fragments = nothing, tables = nothing } = result;
  return (
    <StepsProvider value={steps}>
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
          <Views {...props} sql={sql} fragments={fragments} />
        </main>
        <Side {...props} {...{ sql, fragments, tables }} suggestions={result.suggestions} place={side} />
      </div>
    </StepsProvider>
  );
}
