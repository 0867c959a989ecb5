// Python text → facts. Pure: bytes of the two WebAssembly modules are handed in.
// Right code is read in one pass (direct/), the rest by way of a syntax tree (tree.ts, lower/): both say the same.
// Stable: readDirectly, createPythonParser, PythonParser.facts, FileFacts and its members (JSON and structuredClone survive), factsVersion.
// The lowered expressions and statements (ir.ts) may still gain kinds and optional members.
export { readDirectly } from "./direct/index.js";
export { createPythonParser, type PythonParser } from "./parser.js";
export * from "./facts.js";
export type * from "./ir.js";
export { childrenOf, forEachExpr, namesBoundBy, partsOf } from "./walk.js";
