import type { OrmSubject } from "../orm/index.js";
import type { SqlSource } from "../sql/index.js";
export const sqlSources = (_: OrmSubject): SqlSource[] => [];
