import type { OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";
import { asyncLazyLoad } from "./asyncLazyLoad.js";
import { commitInLoop } from "./commitInLoop.js";
import { countByLoading } from "./countByLoading.js";
import { deferredColumnPerRow } from "./deferredColumnPerRow.js";
import { lazyLoadPerRow } from "./lazyLoadPerRow.js";
import { loadAllColumns } from "./loadAllColumns.js";
import { queryInLoop } from "./queryInLoop.js";

/** Rules over the meaning of Python code. */
export const ormRules: readonly Rule<OrmSubject>[] = [
  asyncLazyLoad,
  commitInLoop,
  countByLoading,
  deferredColumnPerRow,
  lazyLoadPerRow,
  loadAllColumns,
  queryInLoop,
];
