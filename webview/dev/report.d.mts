import type { Report } from "../../server/src/protocol/report.js";
export const report: Report;
