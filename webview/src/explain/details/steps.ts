import type { DerivedFigure } from "#protocol/derivation";
import { createContext, Fragment, h, type ComponentChildren, type VNode } from "preact";
import type { PlanNode } from "#protocol/plan";
import { useContext } from "preact/hooks";

/** A number of which the reader asked how it was computed. */
export interface AskedFigure {
  readonly node: string;
  readonly figure: DerivedFigure;
}

export interface StepsOfFigure {
  readonly asked: AskedFigure | undefined;
  /** The same number again closes its steps. */
  readonly ask: (asked: AskedFigure | undefined) => void;
  /** Goes to a node that a step names. */
  readonly select: (node: string) => void;
}

/** Where one process worked, times per process are those of all processes, and are shown once. */
export function shownFigure(node: PlanNode, figure: DerivedFigure): DerivedFigure {
  if ((node.participants ?? 1) > 1) return figure;
  return figure === "selfWallTime" ? "selfTime" : figure === "wallTime" ? "processTime" : figure;
}

const Steps = createContext<StepsOfFigure>({ asked: undefined, ask: () => undefined, select: () => undefined });

export const useSteps = (): StepsOfFigure => useContext(Steps);

/** A fragment around the provider: its own type says that it may render nothing, which JSX does not take. */
export function StepsProvider({ value, children }: { readonly value: StepsOfFigure; readonly children: ComponentChildren }): VNode {
  return h(Fragment, null, h(Steps.Provider, { value }, children));
}
