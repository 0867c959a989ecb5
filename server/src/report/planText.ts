import type { Plan } from "#protocol/plan";
import type { IndexSuggestion } from "#protocol/advice";
import { format, planText as plainPlanText } from "../plan/index.js";
import { oneLine, printable, type Style } from "./style.js";

/** A plan for a terminal, its insights in colour. */
export function planText(plan: Plan, style: Style): string {
  const paint = (line: string): string => {
    const mark = line.search(/[▲→]/);
    if (mark < 0 || line.slice(0, mark).trim().replaceAll("│", "").trim() !== "") return line;
    return line.slice(0, mark) + (line[mark] === "▲" ? style.yellow : style.cyan)(line.slice(mark));
  };
  return plainPlanText(plan).split("\n").map(printable).map(paint).join("\n").trimEnd();
}

export function suggestionText(suggestion: IndexSuggestion, style: Style): string {
  const { proof } = suggestion;
  const out = [style.green(printable(suggestion.ddl)), `  ${oneLine(suggestion.reason)}`];
  if (proof.method === "none") out.push(`  ${style.yellow("Unproved")}${proof.note ? `: ${oneLine(proof.note)}` : "."}`);
  else {
    const how = proof.method === "hypopg" ? "with a hypothetical index (HypoPG)" : "with the index built and rolled back";
    out.push(`  Proved ${how}.${proof.note ? ` ${oneLine(proof.note)}` : ""}`);
  }
  if (suggestion.sizeBytes !== undefined) out.push(`  Takes about ${format.bytes(suggestion.sizeBytes)}.`);
  return out.join("\n");
}

/** `1,234 → 56 (95 % less)`; planner costs are no times, so no unit. */
export function costs(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return "unknown";
  const less = before > after && before > 0 ? ` (${format.percent(1 - after / before)} less)` : "";
  return `${format.count(before)} → ${format.count(after)}${less}`;
}
