import type { Mapping } from "../mapping/mapping.js";
import type { LoadOption, Select, Site } from "../sql/ir.js";

/** What a statement that loading causes has of its own. */
export type Parts = Pick<Select, "columns" | "where"> &
  Partial<Pick<Select, "from" | "joins" | "order">> & { readonly options?: readonly LoadOption[] };

const nowhere: Site = { file: "", span: { start: 0, end: 0 } };

/** How columns are labelled: with the table's name, where two have one name, not at all. */
export type Labels = "table" | "second" | "none";
/** Until 2.0 all statements that loading causes are labelled with the table's name. */
export const labelsOf = (mapping: Mapping, later: Labels): Labels => (mapping.version === "2.1" ? later : "table");

/** A SELECT that the ORM builds for itself: no column comes twice. */
export function loadingSelect(mapping: Mapping, parts: Parts, labels = labelsOf(mapping, "none")): Select {
  return {
    ...{ kind: "select", site: nowhere, legacy: labels === "table", once: true, from: [], joins: [], order: [], group: [], having: [] },
    ...{ distinct: false, options: [], ctes: [] },
    ...(labels === "none" ? { bare: true } : {}),
    ...parts,
  };
}
