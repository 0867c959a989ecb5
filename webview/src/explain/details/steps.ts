import type { DerivedFigure } from "#protocol/derivation";
import { createContext } from "preact";
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

export const Steps = createContext<StepsOfFigure>({ asked: undefined, ask: () => undefined, select: () => undefined });

export const useSteps = (): StepsOfFigure => useContext(Steps);
