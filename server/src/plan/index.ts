export { comparePlans } from "./compare/index.js";
export { planFromJson, type PlanReading } from "./readPlan.js";
export { planInsights } from "./insights/index.js";
export { planText } from "./text.js";
export { tableAccesses, type SortColumn, type TableAccess } from "./conditions/access.js";
export type { ColumnName, Predicate } from "./conditions/predicates.js";
export * as format from "./format.js";
export { quoteName } from "./identifiers.js";
