export { fileHistory, type Bounds } from "./fileHistory.js";
export { noHistory, type NewRun, type PlanHistory } from "./planHistory.js";
export { statisticsOf } from "./statistics.js";
