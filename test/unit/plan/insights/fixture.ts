import type { Catalog } from "../../../../server/src/catalog/catalog.js";
import type { PlanInsight } from "../../../../server/src/protocol/plan.js";

/** One case of a fixture: `## fires: why` or `## silent: why`, a plan, maybe a catalog, and what must be found as a quotation. */
export interface InsightCase {
  readonly title: string;
  readonly fires: boolean;
  readonly plan: string;
  readonly catalog: Catalog | undefined;
  /** Lines of the quotation without their marks. */
  readonly expected: readonly string[];
}

/** @throws Error where a case has no plan or its heading says neither */
export function readCases(markdown: string): readonly InsightCase[] {
  return markdown
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const [title = "", ...lines] = section.split("\n");
      const plan = fenced(lines, "plan");
      const catalog = fenced(lines, "catalog");
      const fires = title.startsWith("fires: ");
      if (plan === undefined || !(fires || title.startsWith("silent: "))) throw new Error(`${title}: no plan, or neither fires nor silent`);
      const expected = lines.filter((line) => line.startsWith("> ")).map((line) => line.slice(2));
      return { title, fires, plan, expected, catalog: catalog === undefined ? undefined : (JSON.parse(catalog) as Catalog) };
    });
}

/** The block whose fence says `json plan`, `text plan`, `json catalog`. */
function fenced(lines: readonly string[], what: string): string | undefined {
  const start = lines.findIndex((line) => line.startsWith("```") && line.endsWith(` ${what}`));
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => line === "```");
  return lines.slice(start + 1, start + 1 + length).join("\n");
}

/** All insights of a plan as the lines of a quotation. */
export function quotation(insights: readonly PlanInsight[]): readonly string[] {
  return insights.flatMap(({ rule, node, severity, message, advice, sql, evidence = [] }) => [
    `- **${rule}** (${severity}) at node ${node}`,
    `  - ${message}`,
    `  - ${advice}`,
    ...(sql === undefined ? [] : [`  - \`${sql.replaceAll("\n", " ")}\``]),
    `  - ${evidence.map(({ label, value }) => `${label}: ${value}`).join(" · ")}`,
  ]);
}

/** The same Markdown with other quotations, by title. */
export function withQuotations(markdown: string, written: ReadonlyMap<string, readonly string[]>): string {
  const [head = "", ...sections] = markdown.split(/^## /m);
  const changed = sections.map((section) => {
    const title = section.split("\n")[0] ?? "";
    const kept = section.split("\n").filter((line) => !line.startsWith("> "));
    const quoted = (written.get(title) ?? []).map((line) => `> ${line}`);
    return `${kept.join("\n").trimEnd()}\n${quoted.length > 0 ? `\n${quoted.join("\n")}\n` : ""}`;
  });
  return [head, ...changed].join("\n## ").replaceAll("\n\n\n", "\n\n");
}
