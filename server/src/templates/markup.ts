import type { Span } from "#protocol/place";
import { Scanner } from "./scanner.js";

export interface Markup {
  /** `{{ … }}` and `{% … %}`, in order. */
  readonly tags: readonly Span[];
  /** Comments and raw sections, in order. */
  readonly passedOver: readonly Span[];
}

/** What of a template is not the text that it writes. */
export function markupOf(text: string): Markup {
  const scanner = new Scanner(text, () => undefined);
  const tags = [...scanner.tags()].map(({ start, end }) => ({ start, end }));
  return { tags, passedOver: scanner.passedOver };
}

/** Where a comment about what stands at `offset` can be written: on a line of its own above it, or right before its tag. */
export interface CommentPlace {
  readonly form: "above" | "before";
  readonly offset: number;
  /**
   * What stands behind the comment's `{#`: "-" where the tag takes away the blanks before it (`{{-`), which the comment must do in its
   * place; "+" where `lstrip_blocks` would take away the indentation that a `{{` keeps.
   */
  readonly mark: "-" | "+" | "";
}

/**
 * @param keepsLines a line more in what is rendered is no matter (HTML); otherwise the comment stands where it adds none
 */
export function commentPlace(text: string, offset: number, keepsLines: boolean): CommentPlace {
  const { tags, passedOver } = markupOf(text);
  const tag = tags.find(({ start, end }) => start <= offset && offset < end);
  const start = tag?.start ?? offset;
  const line = Math.max(text.lastIndexOf("\n", start - 1), text.lastIndexOf("\r", start - 1)) + 1;
  // Inside of a tag there are no comments, and one inside of a comment would end it.
  const taken = [...tags, ...passedOver].some((span) => span.start < line && line < span.end);
  const trims = tag !== undefined && text[start + 2] === "-";
  if (keepsLines && !taken) return { form: "above", offset: line, mark: trims ? "-" : "" };
  const indented = text.startsWith("{{", start) && start > line && text.slice(line, start).trim() === "";
  return { form: "before", offset: start, mark: trims ? "-" : indented ? "+" : "" };
}
