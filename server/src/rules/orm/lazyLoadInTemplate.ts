import type { OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";
import { loadsOf } from "./causes.js";
import { loadProblem } from "./loadProblem.js";
import { perRow } from "./wording.js";

export const lazyLoadInTemplate: Rule<OrmSubject> = {
  meta: {
    id: "lazy-load-in-template",
    summary: "A template reads a relationship once per row that its rows do not have (N+1 queries).",
    severity: "warning",
    enabledByDefault: true,
    languages: ["jinja"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Follows the rows that code hands to a Jinja template (`render_template`, `TemplateResponse`, `get_template(...).render(...)`, a `renderer=` in a decorator) through `{% for %}`, `{% include %}`, `{% extends %}`, macros and filters, and reports a relationship that is read once per row although the query does not load it. The finding stands in the template and names the query.",
    whyBad:
      "The page looks harmless, and nobody sees queries in a template: each row of the list costs one more round trip while the page is rendered, long after the function that loaded the rows has returned.",
    bad: '{# def page(session: Session): #}\n{#     return render_template("page.html", users=session.scalars(select(User)).all()) #}\n{% for user in users %}\n  {% for order in user.orders %}{{ order.status }}{% endfor %}\n{% endfor %}',
    good: '{# def page(session: Session): #}\n{#     users = session.scalars(select(User).options(selectinload(User.orders))).all() #}\n{#     return render_template("page.html", users=users) #}\n{% for user in users %}\n  {% for order in user.orders %}{{ order.status }}{% endfor %}\n{% endfor %}',
    fixSafety:
      "The fix adds a loader option to the query, in the file that has it. Rows, their order and their number stay the same; it is unsafe where other code gets its rows from the same function.",
    references: ["https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html"],
  },
  check: function* (subject) {
    for (const load of loadsOf(subject, "lazy-load-in-template")) yield loadProblem(subject, load, perRow(subject, load));
  },
};
