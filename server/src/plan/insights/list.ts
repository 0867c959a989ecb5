import { coldCache } from "./coldCache.js";
import { cteFence } from "./cteFence.js";
import { disabledNode } from "./disabledNode.js";
import { discardedLate } from "./discardedLate.js";
import { hashOnDisk } from "./hashOnDisk.js";
import { heapFetches } from "./heapFetches.js";
import { indexFilter } from "./indexFilter.js";
import { indexForOrder } from "./indexForOrder.js";
import { indexSearches } from "./indexSearches.js";
import type { InsightRule } from "./insight.js";
import { joinFilter, joinFilterOr } from "./joinFilter.js";
import { largeOffset } from "./largeOffset.js";
import { lossyBitmap } from "./lossyBitmap.js";
import { memoizeFewHits } from "./memoize.js";
import { correlatedColumns, misestimate, staleStatistics } from "./misestimate.js";
import { nestedLoopIndex, nestedLoopMisestimate } from "./nestedLoop.js";
import { jitCost, planningTime } from "./overhead.js";
import { parallelNotUsed, workersNotLaunched } from "./parallel.js";
import { partitionPruning } from "./partitionPruning.js";
import { indexReadsManyBlocks, tableBloat } from "./readEfficiency.js";
import { sequentialScan } from "./sequentialScan.js";
import { sortForLimit } from "./sortForLimit.js";
import { sortOnDisk } from "./sortOnDisk.js";
import { subplanPerRow } from "./subplanPerRow.js";
import { tempFiles } from "./tempFiles.js";
import { tooMuchData } from "./tooMuchData.js";
import { triggerTime } from "./triggerTime.js";
import { wideRows } from "./wideRows.js";
import { functionHidesIndex, implicitCast } from "./wrappedColumns.js";

/** All kinds of insight; those of equal weight are shown in this order. */
export const insightRules: readonly InsightRule[] = [
  nestedLoopMisestimate,
  implicitCast,
  functionHidesIndex,
  partitionPruning,
  sequentialScan,
  indexForOrder,
  indexFilter,
  indexSearches,
  indexReadsManyBlocks,
  tableBloat,
  heapFetches,
  lossyBitmap,
  sortForLimit,
  sortOnDisk,
  hashOnDisk,
  tempFiles,
  nestedLoopIndex,
  joinFilterOr,
  joinFilter,
  subplanPerRow,
  memoizeFewHits,
  cteFence,
  discardedLate,
  largeOffset,
  triggerTime,
  jitCost,
  planningTime,
  workersNotLaunched,
  parallelNotUsed,
  disabledNode,
  staleStatistics,
  correlatedColumns,
  misestimate,
  wideRows,
  coldCache,
  tooMuchData,
];
