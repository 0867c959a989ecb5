import type { RuleLevels } from "../rules/index.js";
import type { FoundFile } from "./discovery.js";
import { engineName } from "./project.js";
import { brokenCode, withComments, type FileResult } from "./results.js";
import type { TemplateFiles } from "./templates.js";

export interface TemplateResult extends FileResult {
  readonly found: FoundFile;
}

/** The templates that code has asked for, by the engine's names: their texts, what their comments silence, and what could not be read. */
export function checkTemplates(templates: TemplateFiles, levels: RuleLevels): ReadonlyMap<string, TemplateResult> {
  const results = new Map<string, TemplateResult>();
  for (const { found, file, warning } of templates.asked()) {
    const name = engineName(found.path);
    if (file)
      results.set(name, { found, ...withComments(file, file.facts.comments, levels), ...brokenCode(file.text, file.facts.problems) });
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
