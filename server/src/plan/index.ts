export { planFromJson, type PlanReading } from "./readPlan.js";
