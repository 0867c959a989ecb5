import type { OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";

/** Each looks at the meaning of one Python file in its project. */
export const ormRules: readonly Rule<OrmSubject>[] = [];
