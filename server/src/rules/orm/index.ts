import type { OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";
import { asyncLazyLoad } from "./asyncLazyLoad.js";
import { commitInLoop } from "./commitInLoop.js";
import { containsEagerWithoutJoin } from "./containsEagerWithoutJoin.js";
import { countByLoading } from "./countByLoading.js";
import { deferredColumnPerRow } from "./deferredColumnPerRow.js";
import { eagerLoadUnused } from "./eagerLoadUnused.js";
import { foreignKeyThroughRelationship } from "./foreignKeyThroughRelationship.js";
import { joinIsNotEagerLoad } from "./joinIsNotEagerLoad.js";
import { joinedCollectionsMultiply } from "./joinedCollectionsMultiply.js";
import { lazyLoadInSerializer } from "./lazyLoadInSerializer.js";
import { lazyLoadInTemplate } from "./lazyLoadInTemplate.js";
import { lazyLoadPerRow } from "./lazyLoadPerRow.js";
import { loadAllColumns } from "./loadAllColumns.js";
import { missingEagerLoadRaise } from "./missingEagerLoadRaise.js";
import { queryInLoop } from "./queryInLoop.js";
import { rowByRowWrite } from "./rowByRowWrite.js";

/** Rules over the meaning of Python code, and of the templates that it renders. */
export const ormRules: readonly Rule<OrmSubject>[] = [
  asyncLazyLoad,
  commitInLoop,
  containsEagerWithoutJoin,
  countByLoading,
  deferredColumnPerRow,
  eagerLoadUnused,
  foreignKeyThroughRelationship,
  joinIsNotEagerLoad,
  joinedCollectionsMultiply,
  lazyLoadInSerializer,
  lazyLoadInTemplate,
  lazyLoadPerRow,
  loadAllColumns,
  missingEagerLoadRaise,
  queryInLoop,
  rowByRowWrite,
];
