export type { Analyzer, AnalyzerContext, AnalyzerResult, MigrationSettings, NewIndex, Phase, PoolSetup, ProjectCheck } from "./analyzer.js";
export { analyzers } from "./analyzers.js";
export { orchestrate, type Orchestration } from "./orchestrator.js";
export { selectAnalyzers, type Depth, type Focus } from "./selection.js";
export { alembicMigration, sqlMigration } from "./implement/alembic.js";
export { adviseStatement, type StatementAdvice, type StatementAdviceRequest } from "./optimize/indexes/adviseStatement.js";
export { slowQueriesOf } from "./profile/slowQueries.js";
export { codeChangeId, shortened } from "./support.js";
