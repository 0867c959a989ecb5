import type { Column } from "../../../catalog/catalog.js";
import { format } from "../../../plan/index.js";
import { recommend } from "../../support.js";
import { displayTable, type SchemaCheck } from "./check.js";

const capacity: Readonly<Record<string, number>> = { smallint: 2 ** 15 - 1, integer: 2 ** 31 - 1 };

/** An identity that is half used up; changing its type rewrites the table, so it wants planning. */
export const keyNearOverflow: SchemaCheck = (table) => {
  const [key, more] = table.primaryKey ?? [];
  const column = key === undefined || more !== undefined ? undefined : table.columns.find(({ name }) => name === key);
  const most = column && capacity[column.type];
  if (!column || most === undefined) return [];
  const highest = Number(column.statistics?.histogram[column.statistics.histogram.length - 1] ?? table.size?.rows ?? 0);
  if (!(highest >= most / 2)) return [];
  const share = format.percent(highest / most);
  const title = `${displayTable(table)}.${column.name} (${column.type}) has used ${share} of its numbers`;
  const why = `At ${format.count(most)} every INSERT fails. Change it to bigint while there is time: the change rewrites the table, or goes by a second column and a swap.`;
  const facts = [`Highest value in the statistics: ${format.count(highest)}.`];
  return [
    {
      recommendation: recommend({
        kind: "schema",
        title,
        why,
        severity: highest >= most * 0.8 ? "error" : "warning",
        evidence: { level: "schema", facts },
      }),
    },
  ];
};

/** What a column's name says that it holds, where text holds it instead. */
const betterTypes: readonly { readonly holds: (words: readonly string[]) => boolean; readonly type: string; readonly because: string }[] = [
  {
    holds: (words) => words.some((word) => ["amount", "price", "total", "cost", "balance", "fee"].includes(word)),
    type: "numeric",
    because: "text compares '9' > '10', cannot be summed and accepts anything",
  },
  {
    holds: (words) => words[words.length - 1] === "at" || words.some((word) => ["timestamp", "datetime", "date"].includes(word)),
    type: "timestamptz (or date)",
    because: "text has no time zone, compares by spelling and is twice as large",
  },
  {
    holds: (words) => words.length === 1 && words[0] === "id",
    type: "bigint or uuid",
    because: "a text key is wider in every index and foreign key, and compares by collation",
  },
];

export const textInsteadOfType: SchemaCheck = (table) =>
  table.columns.filter(isText).flatMap((column) => {
    const better = betterTypes.find(({ holds }) => holds(column.name.toLowerCase().split("_")));
    if (!better || !looksLike(better.type, column)) return [];
    const title = `${displayTable(table)}.${column.name} is ${column.type}`;
    const why = `By its name it holds ${better.type}: ${better.because}. Change the type if all values are of that kind.`;
    return [
      {
        recommendation: recommend({ kind: "schema", title, why, severity: "info", evidence: { level: "schema", facts: valuesOf(column) } }),
      },
    ];
  });

const isText = (column: Column): boolean => column.type === "text" || column.type.startsWith("character varying");

/** The values, where statistics know some, must agree with what the name says. */
function looksLike(type: string, column: Column): boolean {
  const values = sampleOf(column);
  if (values.length === 0) return true;
  if (type === "numeric") return values.every((value) => value.trim() !== "" && Number.isFinite(Number(value)));
  if (type.startsWith("timestamptz")) return values.every((value) => !Number.isNaN(Date.parse(value)));
  return values.every((value) => isUuid(value) || isWhole(value));
}

const isWhole = (value: string): boolean => value !== "" && [...value].every((digit) => digit >= "0" && digit <= "9");
const isUuid = (value: string): boolean => value.length === 36 && value.split("-").length === 5;

function sampleOf(column: Column): readonly string[] {
  return [...(column.statistics?.mostCommon.map(({ value }) => value) ?? []), ...(column.statistics?.histogram ?? [])].slice(0, 20);
}

function valuesOf(column: Column): string[] {
  const [first] = sampleOf(column);
  return first === undefined ? [] : ["All values in the statistics are of that kind."];
}
