export { adviseStatement, type StatementAdvice, type StatementAdviceRequest } from "./optimize/indexes/adviseStatement.js";
