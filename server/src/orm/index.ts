// Facts of all files → what they mean to the ORM. Pure; paths use `/`.
// Stable: buildOrmIndex(files), analyzeFile(index, file) → OrmSubject, catalogOf(index), sqlSources(subject), queryExpressions(subject).
// An index is built from facts alone (each worker may build its own); analyzeFile depends only on its arguments, so files can be analysed in
// any order and again after a change. Create one context (createContext(index)) per index and hand it to every analyzeFile: it caches
// values of module-level names. Values and effects may still gain members.
export type * from "./entities/entity.js";
export type * from "./evaluate/effects.js";
export type * from "./values/plan.js";
export type * from "./values/value.js";
export type * from "./values/plan.js";
export { analyzeFile, ProjectAnalysis, type OrmSubject } from "./analyze.js";
export { deciding, placedIn } from "./distinct.js";
export { commitsExpire } from "./rounds.js";
export { createContext } from "./evaluate/context.js";
export type { Frame, Medium, TemplateLookup } from "./evaluate/evaluator.js";
export { buildOrmIndex, type OrmIndex } from "./project/ormIndex.js";
export { catalogOf } from "./catalog.js";
export type { KeyRead } from "./evaluate/keyReads.js";
export { planFor } from "./evaluate/queries.js";
export { isAsync, pathOf, queryOf, rootOf } from "./values/origins.js";
export { sqlSources } from "./sqlSources.js";
export { queryExpressions, type QueryExpression } from "./queryExpressions.js";
