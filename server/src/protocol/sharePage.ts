import type { ToPage } from "./pages.js";

/** Where the build left room for the plan in dist/webview/share.html. */
export const planPlace = "%PLAN%";

/**
 * The self-contained page with a plan in it. The plan lies in a data block that no browser executes, and has no letter that could end it.
 * @param template dist/webview/share.html
 */
export function sharePage(template: string, content: Extract<ToPage, { type: "explain" }>): string {
  const [before, after, ...more] = template.split(planPlace);
  if (before === undefined || after === undefined || more.length > 0) throw new Error("share.html has no single place for the plan.");
  return before + inertJson(content) + after;
}

/** JSON in which nothing can be taken for markup, and no line end for one of JavaScript's. */
export function inertJson(value: unknown): string {
  const escape = (letter: string) => `\\u${(letter.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escape);
}
