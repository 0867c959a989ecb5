import { describe, expect, test } from "vitest";
import { commentPlace, parseTemplate } from "../../../server/src/templates/index.js";

/** `|` stands before what the comment is about; the comment goes into the result as an editor would write it. */
function checkPlace(marked: string, keepsLines: boolean, expected: string): void {
  const at = marked.indexOf("|");
  const text = marked.replace("|", "");
  const { form, offset, mark } = commentPlace(text, at, keepsLines);
  const comment = `{#${mark} db-optimize #}${form === "above" ? "\n" : ""}`;
  const written = text.slice(0, offset) + comment + text.slice(offset);
  expect(written).toBe(expected);
  const [before, after] = [parseTemplate(text), parseTemplate(written)];
  expect(after.comments).toHaveLength(1);
  expect(after.problems.map(({ message }) => message)).toEqual(before.problems.map(({ message }) => message));
}

describe("where a comment can stand", () => {
  const c = "{# db-optimize #}";
  const cases: readonly (readonly [string, string, boolean, string])[] = [
    ["above the line", "<p>\n  <b>{{ |a.b }}</b>", true, `<p>\n${c}\n  <b>{{ a.b }}</b>`],
    ["above the first line", "{{ |a.b }}", true, `${c}\n{{ a.b }}`],
    ["above the line of the tag's beginning", "<p>\n{{\n  |a.b }}", true, `<p>\n${c}\n{{\n  a.b }}`],
    ["not within the tag before", "{% if x\n %}{{ |a.b }}{% endif %}", true, `{% if x\n %}${c}{{ a.b }}{% endif %}`],
    ["not within a comment", "{# x\n #}{{ |a.b }}", true, `{# x\n #}${c}{{ a.b }}`],
    ["not within a raw section", "{% raw %}\n{{ {% endraw %}{{ |a.b }}", true, `{% raw %}\n{{ {% endraw %}${c}{{ a.b }}`],
    ["after one", "{% raw %}{{\n{% endraw %}\n{{ |a.b }}", true, `{% raw %}{{\n{% endraw %}\n${c}\n{{ a.b }}`],
    ["before the tag, where lines count", "x\n* {{ |a.b }}", false, `x\n* ${c}{{ a.b }}`],
    ["before an indented tag", "x\n  {{ |a.b }}", false, "x\n  {#+ db-optimize #}{{ a.b }}"],
    ["before an indented loop", "x\n  {% for a in |b.c %}{% endfor %}", false, `x\n  ${c}{% for a in b.c %}{% endfor %}`],
    ["before a loop", "{% for a in |b.c %}", false, `${c}{% for a in b.c %}`],
    ["with the tag's own trimming", "x\n  {{- |a.b }}", false, "x\n  {#- db-optimize #}{{- a.b }}"],
    ["above, with the tag's own trimming", "x\n{%- if |a.b %}{% endif %}", true, "x\n{#- db-optimize #}\n{%- if a.b %}{% endif %}"],
    ["a classic Mac's lines", "x\r{{ |a.b }}", true, `x\r${c}\n{{ a.b }}`],
    ["what stands in no tag", "x\ny |z", true, `x\n${c}\ny z`],
    ["a tag that is not closed", "x\n{{ |a.b\n", true, `x\n${c}\n{{ a.b\n`],
  ];
  for (const [name, text, keepsLines, expected] of cases) test(name, () => checkPlace(text, keepsLines, expected));
});
