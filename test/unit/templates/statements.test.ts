import { describe, expect, test } from "vitest";
import { parseTemplate } from "../../../server/src/templates/index.js";
import { outline, write } from "../python/outline.js";

/** All functions of a template, written out: its body, then each macro, block and caller under its head. */
function lowered(text: string): { written: string; problems: string[] } {
  const { functions, problems } = parseTemplate(text);
  const written = functions.map(({ name, params, parent, body }, index) => {
    const head = params.map((param) => (param.default ? `${param.name}=${write(param.default)}` : param.name)).join(", ");
    return index === 0 ? outline(body) : `def ${name}(${head}) in ${parent}${body.length > 0 ? "\n" : ""}${outline(body, "  ")}`;
  });
  return { written: written.filter((part) => part !== "").join("\n"), problems: problems.map(({ message }) => message) };
}

function checkLowered(text: string, expected: string): void {
  expect(lowered(text)).toEqual({ written: expected, problems: [] });
}

describe("statements", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["text only {", ""],
    ["{{ a }}{{ b, c }}", "a\n(b, c)"],
    ['{% extends "base.html" %}', '__extends__("base.html")'],
    ["{% extends a if b else c %}", "__extends__((b ? a : c))"],
    ['{% include "a.html" %}', '__include__("a.html")'],
    ["{% include ['a', 'b'] ignore missing with context %}", '__include__(["a", "b"])'],
    ["{% include 'a' ~ b without context %}", '__include__((~ "a", b))'],
    ['{% import "m.html" as m with context %}', 'm = __import__("m.html")'],
    ['{% from "m.html" import a, b as c with context %}', 'a = __import__("m.html").a\nc = __import__("m.html").b'],
    ["{% from m import a, b, %}", "a = __import__(m).a\nb = __import__(m).b"],
    ["{% block x %}{{ a }}{% endblock x %}", '__block__("x")\ndef block x() in 0\n  a'],
    ["{% block x scoped required %}{% endblock %}", '__block__("x", scoped=true)\ndef block x() in 0'],
    ["{% for a in b %}{% block x %}{{ super() }}{% endblock %}{% endfor %}", 'for a in b\n  __block__("x")\ndef block x() in 0\n  super()'],
    ["{% for t in xs %}{{ t.a }}{% endfor %}", "for t in xs\n  t.a"],
    ["{% for a, (b, c) in xs.items() %}{{ loop.index }}{% endfor %}", "for (a, (b, c)) in xs.items()\n  loop.index"],
    ["{% for t in xs if t.ok recursive %}{{ loop(t.kids) }}{% endfor %}", "for t in xs\n  if t.ok\n    loop(t.kids)"],
    ["{% for t in xs recursive %}{{ t }}{% endfor %}", "for t in xs\n  t"],
    ["{% for t in a, b %}{{ t }}{% else %}{{ c }}{% endfor %}", "for t in (a, b)\n  t\nelse\n  c"],
    ["{% for t in xs if a is f %}{% break %}{% else %}{% endfor %}", "for t in xs\n  if __test__.f(a)\n    break\nelse"],
    ["{% if a %}1{{ b }}{% elif c %}{{ d }}{% else %}{{ e }}{% endif %}", "if a\n  b\nelif c\n  d\nelse\n  e"],
    ["{% if a in b and not c %}{% endif %}", "if (and (in a, b), (not c))"],
    ["{%- if a -%}{{- b -}}{%+ endif +%}", "if a\n  b"],
    ["{% set a = b.c %}", "a = b.c"],
    ["{% set a, b = c, d %}", "(a, b) = (c, d)"],
    ["{% set ns.found = true %}", "ns.found = true"],
    ["{% set a %}{{ b }}{% endset %}", "b\na = other()"],
    ["{% set a | upper | f(c) %}{{ b }}{% endset %}", "b\na = __filter__.f(__filter__.upper(other()), c)"],
    ["{% set a = {'b': {'c': 1}} %}", 'a = {"b": {"c": 1}}'],
    ["{% with a = b, c = d.e %}{{ a }}{% endwith %}", "a = b\nc = d.e\na"],
    ["{% with %}{% set a = 1 %}{% endwith %}", "a = 1"],
    ["{% macro m(a, b=c.d, e=[]) %}{{ a }}{% endmacro %}{{ m(1) }}", "function 1\nm(1)\ndef m(a, b=c.d, e=[]) in 0\n  a"],
    ["{% macro m() %}{% macro n() %}{% endmacro %}{% endmacro %}", "function 1\ndef m() in 0\n  function 2\ndef n() in 1"],
    ["{% macro m(a) %}{{ caller(a) }}{{ kwargs }}{% endmacro %}", "function 1\ndef m(a, caller, kwargs) in 0\n  caller(a)\n  kwargs"],
    ["{% macro m(caller) %}{{ caller(varargs) }}{% endmacro %}", "function 1\ndef m(caller, varargs) in 0\n  caller(varargs)"],
    ["{% call m(y) %}{{ z }}{% endcall %}", "function 1\nm(y, caller=caller)\ndef caller() in 0\n  z"],
    ["{% call(x, w=1) a.m() -%}{{ x.b }}{%- endcall %}", "function 1\na.m(caller=caller)\ndef caller(x, w=1) in 0\n  x.b"],
    ["{% filter f(a)|g %}{{ b }}{% endfilter %}", "b\n__filter__.g(__filter__.f(other(), a))"],
    ["{% autoescape a %}{{ b }}{% endautoescape %}", "a\nb"],
    ["{% trans %}Hello{% endtrans %}", ""],
    ["{% trans n=xs|length, user %}{{ n }}{% pluralize n %}{{ user }}{% endtrans %}", "n = __filter__.length(xs)\nuser\nn\nuser"],
    ["{% trans 'ctx' a, trimmed b=c -%} {{ a }} {%- endtrans %}", '"ctx"\na\nb = c\na'],
    ["{% trans trimmed=a %}{% endtrans %}", "trimmed = a"],
    ["{% do a.append(b) %}", "a.append(b)"],
    ["{% print a, b %}", "(a, b)"],
    ["{% raw %}{{ a }}{% if %}{% endraw %}{{ b }}", "b"],
    ["{%- raw -%}{{ a }}{%- endraw -%}{{ b }}", "b"],
    ["{# {{ a }} {% if %} #}{{ b }}", "b"],
    ['{% snippet "a.html", row=b.c, d %}', 'other "a.html", b.c, d'],
    ["{% cache 300, 'k' %}{{ a }}{% endcache %}", 'other 300, "k"\na'],
    ["{% csrf_token %}{% debug %}", ""],
    ["{% url 'x' a.b as c %}", 'other "x", a.b, as, c'],
    ["{{ '}}' }}{% set a = '%}' %}{{ \"{{\" }}", '"}}"\na = "%}"\n"{{"'],
    ["{{ {'a': {}}['a'] }}", '{"a": {}}["a"]'],
    ["{{ a\n  .b\n}}", "a.b"],
  ];
  for (const [text, expected] of cases) test(text, () => checkLowered(text, expected));
});

describe("broken input: what could be read, and what is wrong", () => {
  const cases: readonly (readonly [string, string, string[]])[] = [
    ["{{ user. }}{{ b }}", "user\nb", ["Expected a name, found the end of the tag."]],
    ["{{ }}", "", ["Expected an expression, found the end of the tag."]],
    ["{{ a b }}", "a", ['Expected the end of the tag, found "b".']],
    ["{{ f(a, b }}{{ c }}", "f(a, b)\nc", ['Expected ")", found the end of the tag.']],
    ["{{ a + }}", "(+ a, other())", ["Expected an expression, found the end of the tag."]],
    ["{{ a|}}", "a", ["Expected the name of a filter, found the end of the tag."]],
    ["{{ a[ }}", "a[other()]", ["Expected an expression, found the end of the tag."]],
    ["{{ {a: 1 }}{{ b }}", "{a: 1}\nb", ['"}" closes nothing.']],
    ["{{ a ? b }}{{ c }}", "a\nc", ['"?" has no meaning in a template\'s expression.']],
    ["{{ 'abc }}{{ c }}", "c", ["This string is not closed."]],
    ["{{ a {{ b }}", "a\nb", ['This tag is not closed: "}}" is missing.']],
    ["{% if a", "if a", ['This tag is not closed: "%}" is missing.', '"{% if %}" is never closed: "{% endif %}" is missing.']],
    ["{% for a %}{{ b }}{% endfor %}", "for a in other()\n  b", ['Expected "in", found the end of the tag.']],
    [
      "{% for a in b %}{% if c %}{{ d }}{% endfor %}{{ e }}",
      "for a in b\n  if c\n    d\ne",
      ['"{% if %}" is never closed: "{% endif %}" is missing.'],
    ],
    ["{{ a }}{% endif %}{{ b }}", "a\nb", ['"endif" closes nothing: no "{% if %}" is open here.']],
    ["{% else %}{{ b }}", "b", ['"else" belongs to no tag that is open here.']],
    ["{% break %}", "", ['"break" stands outside of a loop.']],
    ["{% macro %}{{ a }}{% endmacro %}", "function 1\ndef () in 0\n  a", ["Expected the macro's name, found the end of the tag."]],
    ["{% call a %}{% endcall %}", "function 1\na\ndef caller() in 0", ['"{% call %}" needs the call of a macro.']],
    ["{% %}{{ a }}", "a", ["Expected the name of a tag, found the end of the tag."]],
    ["{# open {{ a }}", "a", ['This comment is not closed: "#}" is missing.']],
    ["{% raw %}{{ a }}", "", ['This raw section is not closed: "{% endraw %}" is missing.']],
    ["{{ a) }}{{ b }}", "a\nb", ['")" closes nothing.']],
    ["{% set a b %}{{ c }}", "c", ['Expected the end of the tag, found "b".']],
    ["{% set = 1 %}", "", ['Expected an expression, found "=".']],
  ];
  for (const [text, written, problems] of cases) test(text, () => expect(lowered(text)).toEqual({ written, problems }));
});

test("what spans what", () => {
  const text = '{% from "m" import a as b %}{% for x in y if z %}{{ x }}{% endfor %}{% macro m(p) %}{{ p }}{% endmacro %}';
  const { functions } = parseTemplate(text);
  const [imported, loop, define] = functions[0]!.body;
  const own = (node: { start: number; end: number } | undefined): string => text.slice(node?.start, node?.end);
  expect(own(imported)).toBe("a as b");
  expect(own(loop)).toBe("{% for x in y if z %}{{ x }}{% endfor %}");
  expect(own(define)).toBe("{% macro m(p) %}{{ p }}{% endmacro %}");
  expect(own(functions[1])).toBe(own(define));
  expect(text.slice(functions[1]!.nameStart)).toMatch(/^m\(p/);
});

test("comments that speak to the tool, in the form of line comments", () => {
  const text = "{# other #}\n{#- db-optimize: ignore[lazy-load-in-template] few rows -#}\n{{ a }}";
  const { comments } = parseTemplate(text);
  expect(comments.map(({ start, end, text: said }) => [text.slice(start, end), said])).toEqual([
    ["{#- db-optimize: ignore[lazy-load-in-template] few rows -#}", "# db-optimize: ignore[lazy-load-in-template] few rows"],
  ]);
});
