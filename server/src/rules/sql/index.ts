import type { SqlStatement } from "../../sql/index.js";
import type { Rule } from "../rule.js";
import { functionOnColumn } from "./functionOnColumn.js";
import { leadingWildcardLike } from "./leadingWildcardLike.js";
import { notInSubquery } from "./notInSubquery.js";
import { offsetPagination } from "./offsetPagination.js";
import { orderByRandom } from "./orderByRandom.js";
import { selectStar } from "./selectStar.js";
import { updateWithoutWhere } from "./updateWithoutWhere.js";

/** Each looks at one statement, from a `.sql` file or from a string in Python. */
export const sqlRules: readonly Rule<SqlStatement>[] = [
  functionOnColumn,
  leadingWildcardLike,
  notInSubquery,
  offsetPagination,
  orderByRandom,
  selectStar,
  updateWithoutWhere,
];
