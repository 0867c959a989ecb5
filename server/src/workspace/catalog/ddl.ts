import type { Catalog } from "../../catalog/catalog.js";
import { catalogFromDdl, type ParsedSql } from "../../sql/index.js";

/** Tables, keys and indexes as the project's `.sql` files declare them. */
export function catalogOfDdl(files: readonly { readonly file: string; readonly parsed: ParsedSql }[]): Catalog {
  return catalogFromDdl(files.flatMap(({ parsed }) => parsed.statements));
}
