import { changeEach, type Unwrapping } from "./unwrapping.js";
import type { SourceLine } from "../lines.js";

/**
 * Entries of auto_explain in the server's log. The entry's own line goes, with whatever prefix the log has; the lines that go on are told by
 * the tab that they begin with (`#011` in syslog), which goes too.
 */
export const unwrapLog: Unwrapping = (lines) => {
  const isEntry = ({ text }: SourceLine): boolean => text.trimEnd().endsWith("plan:") && text.includes("duration: ");
  if (!lines.some(isEntry)) return undefined;
  let inside = false;
  return lines.map((line) => {
    if (isEntry(line)) {
      inside = true;
      return { ...line, text: "" };
    }
    const text = withoutTab(line.text);
    if (text !== undefined) return inside ? { ...line, text } : line;
    if (inside && isOtherEntry(line.text)) inside = false;
    return inside || !isOtherEntry(line.text) ? line : { ...line, text: "" };
  });
};

/** From the syslog header on, where a line has one. */
function withoutTab(text: string): string | undefined {
  if (text.startsWith("\t")) return text.slice(1);
  const escaped = text.indexOf("#011");
  if (escaped === 0 || (escaped > 0 && text.slice(0, escaped).trimEnd().endsWith("]"))) return text.slice(escaped + 4);
  return undefined;
}

const levels = ["LOG:", "ERROR:", "STATEMENT:", "DETAIL:", "CONTEXT:", "WARNING:", "NOTICE:", "HINT:", "FATAL:", "INFO:", "DEBUG:"];

/** A line of the log that is no plan's: a level with two blanks behind it, as every log_line_prefix has it. */
const isOtherEntry = (text: string): boolean => levels.some((level) => text.includes(`${level}  `));

/** What a client prints of auto_explain when the messages are sent to it. */
export const unwrapNotices: Unwrapping = (lines) =>
  changeEach(lines, (text) => (text.startsWith("LOG:  duration: ") && text.trimEnd().endsWith("plan:") ? "" : text));
