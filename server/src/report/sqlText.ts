import type { CausedStatement, TranslatedParameter, TranslatedQuery, TranslatedVariant } from "#protocol/translation";
import { layoutSql } from "../sql/index.js";
import { count } from "./findingText.js";
import { oneLine, printable, type Style } from "./style.js";

/** Query expressions for a terminal: place, SQL, what its placeholders stand for, and what else is sent because of it. */
export function sqlText(queries: readonly TranslatedQuery[], width: number, style: Style): string {
  const widest = Math.max(60, Math.min(width, 140)) - 4;
  return queries.map((query) => queryText(query, widest, style)).join("\n");
}

/** `12 query expressions in 3 files: 10 translated, 2 refused.` */
export function sqlSummary(queries: readonly TranslatedQuery[], files: number, style: Style): string {
  const refused = queries.filter((query) => query.refused).length;
  const what = `${style.bold(count(queries.length, "query expression"))} in ${count(files, "file")}`;
  if (queries.length === 0) return `${what}.`;
  const parts = [style.green(`${queries.length - refused} with SQL`), ...(refused > 0 ? [style.yellow(`${refused} refused`)] : [])];
  return `${what}: ${parts.join(", ")}.`;
}

/** More of one query expression nobody reads in a terminal. */
const mostVariants = 8;

function queryText(query: TranslatedQuery, width: number, style: Style): string {
  const place = style.bold(`${printable(query.file)}:${query.line}${query.endLine > query.line ? `-${query.endLine}` : ""}`);
  if (query.refused) {
    const { reason, line } = query.refused;
    const where = line === query.line ? "" : style.dim(` (line ${line})`);
    return `${place}: ${style.yellow("refused")}: ${oneLine(reason)}${where}\n`;
  }
  const variants: readonly TranslatedVariant[] = query.variants ?? [{ sql: query.sql ?? "", when: "", parameters: query.parameters ?? [] }];
  const head = variants.length > 1 ? `${place}: ${style.dim(`one of ${variants.length} statements`)}` : place;
  const causes = query.causes.flatMap((cause) => causeText(cause, width, style));
  const shown = variants.slice(0, mostVariants);
  const left = variants.length - shown.length;
  const more = left > 0 ? [style.dim(`  … and ${left} more, depending on branches: --format json lists all`)] : [];
  return [head, ...shown.flatMap((variant) => variantText(variant, width, style)), ...more, ...causes].join("\n") + "\n";
}

function variantText({ sql, when, parameters }: TranslatedVariant, width: number, style: Style): string[] {
  return [
    ...(when === "" ? [] : [`  ${style.dim("when")} ${style.cyan(oneLine(when))}`]),
    ...sqlLines(sql, width, "    "),
    ...parameters.map((parameter) => `    ${parameterText(parameter, style)}`),
  ];
}

function sqlLines(sql: string, width: number, indent: string): string[] {
  return printable(layoutSql(sql, width))
    .split("\n")
    .map((line) => indent + line);
}

/** `$1 = name (character varying, Python str)`; a value that the code says instead of a name. */
function parameterText({ position, name, pythonType, sqlType, value, expanding }: TranslatedParameter, style: Style): string {
  const given =
    value === undefined ? name : typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : value === null ? "NULL" : String(value);
  const list = expanding ? "one parameter per element" : undefined;
  const about = [sqlType, pythonType === undefined ? undefined : `Python ${pythonType}`, list].filter((part) => part !== undefined);
  const type = about.length > 0 ? style.dim(` (${oneLine(about.join(", "))})`) : "";
  return `${style.cyan(`$${position}`)}${given === undefined ? "" : ` = ${oneLine(given)}`}${type}`;
}

const kinds: Readonly<Record<CausedStatement["kind"], string>> = {
  "lazy-load": "later, where it is read",
  "eager-load": "then",
  refresh: "then, to refresh",
  get: "then, by key",
  flush: "on flush",
};

function causeText({ kind, relationship, when, sql }: CausedStatement, width: number, style: Style): string[] {
  const what = relationship === undefined ? "" : ` ${oneLine(relationship)}`;
  const condition = when === undefined ? "" : style.dim(` (${oneLine(when)})`);
  return [`  ${style.dim(kinds[kind])}${style.cyan(what)}${condition}`, ...sqlLines(sql, width, "    ")];
}
