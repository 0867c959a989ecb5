import type { AnalyzerName } from "#protocol/report";
import type { Analyzer } from "./analyzer.js";
import { connectionPoolAnalyzer } from "./diagnose/connectionPoolAnalyzer.js";
import { nPlusOneDetector } from "./diagnose/nPlusOneDetector.js";
import { slowQueryAnalyzer } from "./diagnose/slowQueryAnalyzer.js";
import { codeGenerator } from "./implement/codeGenerator.js";
import { migrationBuilder } from "./implement/migrationBuilder.js";
import { configTuner } from "./optimize/configTuner.js";
import { indexAdvisor } from "./optimize/indexAdvisor.js";
import { queryRewriter } from "./optimize/queryRewriter.js";
import { indexScanner } from "./profile/indexScanner.js";
import { queryProfiler } from "./profile/queryProfiler.js";
import { schemaAnalyzer } from "./profile/schemaAnalyzer.js";

export const analyzers: Readonly<Record<AnalyzerName, Analyzer>> = {
  queryProfiler,
  schemaAnalyzer,
  indexScanner,
  nPlusOneDetector,
  slowQueryAnalyzer,
  connectionPoolAnalyzer,
  queryRewriter,
  indexAdvisor,
  configTuner,
  codeGenerator,
  migrationBuilder,
};
