import { LineIndex, type FileView, type RuleLevels } from "../rules/index.js";
import { markupOf } from "../templates/index.js";
import type { FoundFile } from "./discovery.js";
import { engineName } from "./project.js";
import { brokenCode, withComments, type FileResult } from "./results.js";
import type { TemplateFile, TemplateFiles } from "./templates.js";

export interface TemplateResult extends FileResult {
  readonly found: FoundFile;
}

/** The templates that code has asked for, by the engine's names: their texts, what their comments silence, and what could not be read. */
export function checkTemplates(templates: TemplateFiles, levels: RuleLevels): ReadonlyMap<string, TemplateResult> {
  const results = new Map<string, TemplateResult>();
  for (const { found, file, warning } of templates.asked()) {
    const name = engineName(found.path);
    if (file) results.set(name, checkTemplate(file, levels));
    else
      results.set(name, {
        found,
        problems: [],
        view: { text: "", stableName: found.relative, suppressions: [] },
        ...(warning ? { warning } : {}),
      });
  }
  return results;
}

function checkTemplate(file: TemplateFile, levels: RuleLevels): TemplateResult {
  const { view, problems } = withComments(file, file.facts.comments, levels);
  return { found: file.found, view: throughTags(view), problems, ...brokenCode(file.text, file.facts.problems) };
}

/** Inside of a tag no comment can stand: one before it speaks for all of its lines. */
function throughTags(view: FileView): FileView {
  if (view.suppressions.length === 0) return view;
  const lines = new LineIndex(view.text);
  const tags = markupOf(view.text).tags.map(({ start, end }) => [lines.lineAt(start), lines.lineAt(end)] as const);
  const suppressions = view.suppressions.map((suppression) => {
    const reached = tags.filter(([first, last]) => first < last && suppression.lines.includes(first));
    const more = reached.flatMap(([first, last]) => Array.from({ length: last - first }, (_one, at) => first + 1 + at));
    return { ...suppression, lines: [...suppression.lines, ...more] };
  });
  return { ...view, suppressions };
}
