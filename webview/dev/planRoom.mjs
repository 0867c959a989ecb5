// The product's own reading of plans, as one bundle: insights quote names with the parser that the bundle has loaded.
export { initSql } from "../../server/src/sql/index.ts";
export { planFromJson, planInsights } from "../../server/src/plan/index.ts";
