import { isString, isStringArray, oneOf } from "../common/usePersisted.js";
import type { View } from "./drawing/viewport.js";
import { heatMeasures } from "./heat.js";
import { firstChoices, planTabs, sideTabs, type Choices } from "./viewState.js";

/** Pan and zoom as they are kept, with the drawing they belong to. */
export interface ViewOfPlan extends View {
  readonly plan: string;
}

export function isView(value: unknown): value is ViewOfPlan {
  if (typeof value !== "object" || value === null) return false;
  const { plan, x, y, k } = value as Record<string, unknown>;
  return typeof plan === "string" && [x, y, k].every((part) => typeof part === "number" && Number.isFinite(part));
}

const accepted: { readonly [K in keyof Choices]: (value: unknown) => boolean } = {
  tab: oneOf(...planTabs),
  side: oneOf(...sideTabs),
  measure: oneOf(...heatMeasures),
  search: isString,
  plan: isString,
  selected: isString,
  folded: isStringArray,
  unfolded: isStringArray,
};

/** What an earlier page left, with the first choice wherever it is not what this version writes. */
export function storedChoices(value: unknown): Choices {
  const stored = typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  const kept = Object.entries(accepted).filter(([key, accepts]) => accepts(stored[key]));
  return { ...firstChoices, ...Object.fromEntries(kept.map(([key]) => [key, stored[key]])) };
}
