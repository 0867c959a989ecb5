import type { CausedStatement, TranslatedParameter, TranslatedQuery, TranslatedVariant } from "#protocol/translation";
import { laidOut, variantsOf } from "../operations/index.js";
import { copySqlCommand, explainCommand } from "./codeLenses.js";
import { escapeMarkdown } from "./markdown.js";

/** More would be scrolled, not read; "Explain" lists all. */
const mostVariants = 4;
const mostCauses = 6;
/** A hover is narrower than an editor; what is wider would be broken anywhere. */
const hoverWidth = 68;

interface Place {
  readonly uri: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

/** What a query expression sends, for a hover: SQL, what its placeholders stand for, what else is sent because of it; or why it is not known. */
export function queryText(query: TranslatedQuery, place: Place): string {
  if (query.refused) return refusedText(query.refused, query, place.uri);
  const shown = laidOut(query, hoverWidth);
  const variants = variantsOf(shown);
  const head = query.within === undefined ? [] : ["A part of this statement:"];
  const listed = variants.slice(0, mostVariants).map((variant) => variantText(variant));
  const more =
    variants.length > mostVariants ? [`… and ${variants.length - mostVariants} more, depending on branches: Explain lists all.`] : [];
  return [...head, ...listed, ...more, ...causesText(shown.causes), linksText(place)].join("\n\n");
}

function variantText({ sql, when, parameters }: TranslatedVariant): string {
  const branch = when === "" ? [] : [`**When** ${code(when)}`];
  const list = parameters.map((parameter) => `- ${parameterText(parameter)}`).join("\n");
  return [...branch, sqlBlock(sql), ...(list ? [list] : [])].join("\n\n");
}

function parameterText({ position, name, pythonType, sqlType, value, expanding }: TranslatedParameter): string {
  const given = value === undefined ? name : value === null ? "None" : JSON.stringify(value);
  const types = [sqlType, pythonType && `Python ${pythonType}`, expanding && "one parameter per element"].filter(Boolean);
  return `\`$${position}\`${given === undefined ? "" : ` = ${code(given)}`}${types.length > 0 ? ` · ${escapeMarkdown(types.join(", "))}` : ""}`;
}

const kinds: Readonly<Record<CausedStatement["kind"], string>> = {
  "lazy-load": "Where it is read",
  "eager-load": "Sent after it",
  refresh: "Sent to refresh",
  get: "Sent to load by key",
  flush: "Sent by the flush",
};

function causesText(causes: readonly CausedStatement[]): string[] {
  const listed = causes.slice(0, mostCauses).map(({ kind, relationship, when, sql }) => {
    const what = `${relationship === undefined ? "" : `: ${code(relationship)}`}${when === undefined ? "" : ` (${when})`}`;
    return `${kinds[kind]}${what}\n\n${sqlBlock(sql)}`;
  });
  return causes.length > mostCauses ? [...listed, `… and ${causes.length - mostCauses} more statements.`] : listed;
}

function refusedText({ reason, line }: NonNullable<TranslatedQuery["refused"]>, query: TranslatedQuery, uri: string): string {
  const where = line === query.line ? "" : ` ([line ${line}](${uri}#L${line}))`;
  return `**SQL not known:** ${escapeMarkdown(reason)}${where}. Only SQL that is certain is shown.`;
}

/** Links run the client's commands; the client trusts exactly these in these hovers. */
function linksText({ uri, line, column }: Place): string {
  const link = (title: string, command: string, more: object = {}) =>
    `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([{ uri, line, column, ...more }]))})`;
  return [
    link("Explain this query", explainCommand, { analyze: false }),
    link("Explain and run (ANALYZE)", explainCommand, { analyze: true }),
    link("Copy SQL", copySqlCommand),
  ].join(" · ");
}

function sqlBlock(sql: string): string {
  return `\`\`\`sql\n${sql}\n\`\`\``;
}

/** On one line; a fence longer than any in the text. */
function code(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  const pad = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
}
