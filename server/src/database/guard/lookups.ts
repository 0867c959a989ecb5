/** Catalogs of functions that PostgreSQL's own functions choose from by values that they are given, not by names in the text. */
export type Lookup = "text search" | "conversion";

export const lookupQueries: Readonly<Record<Lookup, string>> = {
  "text search": `
    SELECT 'parser ' || prsname AS name, f AS oid FROM pg_ts_parser
      CROSS JOIN LATERAL unnest(ARRAY[prsstart::oid, prstoken::oid, prsend::oid, prsheadline::oid, prslextype::oid]) f WHERE f >= 16384
    UNION ALL SELECT 'template ' || tmplname, f FROM pg_ts_template CROSS JOIN LATERAL unnest(ARRAY[tmplinit::oid, tmpllexize::oid]) f WHERE f >= 16384`,
  conversion: "SELECT 'conversion ' || conname AS name, conproc::oid AS oid FROM pg_conversion WHERE conproc::oid >= 16384",
};

export function lookupsOf(symbol: string): Lookup[] {
  if (/tsvector|tsquery|^ts_(headline|lexize|parse|token)/.test(symbol)) return ["text search"];
  return /^(pg_convert|to_ascii)/.test(symbol) ? ["conversion"] : [];
}
