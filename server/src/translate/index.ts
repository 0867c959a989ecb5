// ORM code → PostgreSQL: right, or refused with the reason. Pure; the SQL parser must be loaded (initSql) before.
// Stable: translateFile(index, file, options), translateEach, translateAt(index, file, offset, options), sitesIn(index, file), TranslateOptions; results are protocol/translation.ts.
export { sitesIn, translateAt, translateEach, translateFile, type TranslateOptions } from "./translate.js";
