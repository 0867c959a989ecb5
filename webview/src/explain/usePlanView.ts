import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { readState, writeState } from "../common/host.js";
import type { HeatMeasure } from "./heat.js";
import type { PlanIndex } from "./planIndex.js";
import { storedChoices } from "./storedView.js";
import { choose, viewOf, type PlanTab, type PlanViewState, type SideTab, type ViewAction } from "./viewState.js";

/** What every view of the plan gets. */
export interface PlanViewProps {
  readonly index: PlanIndex;
  readonly view: PlanViewState;
  readonly actions: PlanViewActions;
}

/** The same functions for as long as the plan is the same. */
export interface PlanViewActions {
  /** Selects a node, or a group of partitions by its id, and shows its details beside the view. */
  readonly select: (node: string) => void;
  /** The same, and takes the keyboard there: Enter, double click. */
  readonly open: (node: string) => void;
  /** Selects a node and shows it in the tree: from a finding. */
  readonly find: (node: string) => void;
  readonly showTab: (tab: PlanTab) => void;
  readonly showSide: (side: SideTab) => void;
  readonly setMeasure: (measure: HeatMeasure) => void;
  readonly setSearch: (text: string) => void;
  /** Selects the next or previous node that the search finds. */
  readonly nextMatch: (step: 1 | -1) => void;
  /** `open` false hides what is below a node, or shows a group of partitions as one. */
  readonly fold: (id: string, open: boolean) => void;
}

/** @param toDetails takes the keyboard to the details of the selected node */
export function usePlanView(index: PlanIndex, toDetails: () => void): PlanViewProps {
  const [choices, setChoices] = useState(() => storedChoices(readState()["view"]));
  const view = useMemo(() => viewOf(index, choices), [index, choices]);
  const written = useRef(choices);
  const opened = useRef(false);
  useLayoutEffect(() => {
    if (written.current === choices) return;
    written.current = choices;
    writeState({ view: choices });
    if (opened.current) toDetails();
    opened.current = false;
  }, [choices]);

  const act = useCallback((action: ViewAction) => setChoices((now) => choose(index, now, action)), [index]);
  const actions = useMemo(
    (): PlanViewActions => ({
      select: (node) => act({ type: "select", node, side: "node" }),
      open: (node) => {
        // Not before the details are there.
        opened.current = true;
        act({ type: "select", node, side: "node" });
      },
      find: (node) => act({ type: "select", node }),
      showTab: (to) => act({ type: "tab", tab: to }),
      showSide: (to) => act({ type: "side", side: to }),
      setMeasure: (to) => act({ type: "measure", measure: to }),
      setSearch: (text) => act({ type: "search", text }),
      nextMatch: (step) => act({ type: "match", step }),
      fold: (id, open) => act({ type: "fold", id, open }),
    }),
    [act],
  );
  return { index, view, actions };
}
