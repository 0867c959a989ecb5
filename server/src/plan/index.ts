export { planFromJson, type PlanReading } from "./readPlan.js";
export { planInsights } from "./insights/index.js";
export { planText } from "./text.js";
