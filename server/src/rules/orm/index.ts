import type { RuleEntry } from "../registry.js";

/** Rules over the meaning of Python code. */
export const ormRules: readonly RuleEntry[] = [];
