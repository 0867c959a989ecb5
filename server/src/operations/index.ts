export { readBaseline, writeBaseline } from "./baseline.js";
export { writeAtomically, writeNew } from "./files.js";
export { applySafeFixes } from "./fixes.js";
export { operations } from "./list.js";
export type { Operation, OperationContext } from "./operation.js";
export { readStatement } from "./readStatement.js";
export { runOperation, type RunInput, type RunOutput } from "./run.js";
export { createSampleServer, defaultSampleDirectory, type SampleServer } from "../embedded/index.js";
