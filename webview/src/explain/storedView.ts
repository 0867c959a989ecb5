import type { View } from "./drawing/viewport.js";

/** Pan and zoom as they are kept, with the drawing they belong to. */
export interface ViewOfPlan extends View {
  readonly plan: string;
}

export function isView(value: unknown): value is ViewOfPlan {
  if (typeof value !== "object" || value === null) return false;
  const { plan, x, y, k } = value as Record<string, unknown>;
  return typeof plan === "string" && [x, y, k].every((part) => typeof part === "number" && Number.isFinite(part));
}
