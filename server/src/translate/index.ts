// ORM code → PostgreSQL: right, or refused with the reason. Pure; the SQL parser must be loaded (initSql) before.
// Stable: translateFile(index, file, options), translateAt(index, file, offset, options), fileTranslator(index, file, options) for one query
// after the other, TranslateOptions; results are protocol/translation.ts.
export { composedSql, type ComposedSql } from "./composed.js";
export { fileTranslator, spanAt, translateAt, translateFile, type FileTranslator, type TranslateOptions } from "./translate.js";
