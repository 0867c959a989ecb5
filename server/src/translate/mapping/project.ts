import type { OrmIndex } from "../../orm/index.js";
import { Mapping } from "./mapping.js";

const mappings = new WeakMap<OrmIndex, Mapping>();

/** The tables and entities of a project, made once for each index. */
export function projectMapping(index: OrmIndex): Mapping {
  const known = mappings.get(index);
  if (known) return known;
  const made = new Mapping(index);
  mappings.set(index, made);
  return made;
}
