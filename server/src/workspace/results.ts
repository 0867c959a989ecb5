import { checkComments, LineIndex, type Comment, type FileView, type RuleLevels, type RuleProblem } from "../rules/index.js";
import type { SqlProblem } from "../sql/index.js";
import type { FoundFile } from "./discovery.js";
import { engineName } from "./project.js";

/** What the rules say about one file. */
export interface FileResult {
  readonly problems: readonly RuleProblem[];
  readonly view: FileView;
  readonly warning?: string;
}

interface Text {
  readonly found: FoundFile;
  readonly text: string;
}

/** A file's text as findings see it, with what its comments silence. */
export function withComments({ found, text }: Text, comments: readonly Comment[], levels: RuleLevels): FileResult {
  const { suppressions, problems } = checkComments(engineName(found.path), text, comments, levels);
  return { view: { text, stableName: found.relative, suppressions }, problems };
}

/** What the parser of Python or Jinja could not read. */
export function brokenCode(text: string, problems: readonly { start: number; message: string }[]): { warning?: string } {
  const [first] = problems;
  if (!first) return {};
  const line = new LineIndex(text).lineAt(first.start);
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return { warning: `line ${line}: ${first.message}${more}` };
}

export function brokenSql(text: string, problems: readonly SqlProblem[]): { warning?: string } {
  const [first] = problems;
  if (!first) return {};
  const line = new LineIndex(text).lineAt(first.span.start);
  const what = problems.length === 1 ? "a statement is" : `${problems.length} statements are`;
  return { warning: `${what} left out, the first at line ${line}: ${first.message}` };
}
