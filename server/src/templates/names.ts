/** Callees that no template can spell by itself as a variable: they stand for Jinja's own statements in the lowered form. */
export const templateNames = {
  /** `__extends__(name)`: what the base template does, with this one's blocks. */
  extends: "__extends__",
  /** `__include__(name)`; the name may be a list of names, of which the first that exists counts. */
  include: "__include__",
  /** `__import__(name)`: a module whose attributes are the template's macros and top-level variables. */
  import: "__import__",
  /** `__block__("x")`: the most derived block of that name; with `scoped=true` it sees the variables of its place. */
  block: "__block__",
  /** `__filter__.f(x, …)` for `x|f(…)`. */
  filter: "__filter__",
  /** `__test__.f(x, …)` for `x is f(…)`. */
  test: "__test__",
} as const;

/** The name of the function that holds the body of `{% block name %}`. */
export const blockFunction = (name: string): string => `block ${name}`;

/** The name of the function that holds the body of `{% call %}`. */
export const callerFunction = "caller";
