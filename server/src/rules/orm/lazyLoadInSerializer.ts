import type { OrmSubject } from "../../orm/index.js";
import type { Rule } from "../rule.js";
import { loadsOf } from "./causes.js";
import { loadProblem } from "./loadProblem.js";
import { perRow } from "./wording.js";

export const lazyLoadInSerializer: Rule<OrmSubject> = {
  meta: {
    id: "lazy-load-in-serializer",
    summary: "A schema's field reads a relationship once per row that its rows do not have (N+1 queries).",
    severity: "warning",
    enabledByDefault: true,
    languages: ["python"],
    fix: "safe",
  },
  docs: {
    whatItDoes:
      "Follows rows into pydantic models (`model_validate`, `from_orm`, FastAPI's `response_model` and return annotations, nested models, `computed_field`) and marshmallow schemas (`dump`, `Nested`, `Pluck`, `Method`, `Function`), and reports a field whose relationship the query does not load. The finding stands at the field and names the query.",
    whyBad:
      "A schema reads every field that it declares, so a field for a relationship sends one more query for each row of the answer, although no line of the code seems to read it.",
    bad: "class OrderOut(BaseModel):\n    status: str\n\nclass UserOut(BaseModel):\n    email: str\n    orders: list[OrderOut]\n\ndef users(session: Session):\n    return [UserOut.model_validate(user) for user in session.scalars(select(User))]",
    good: "class OrderOut(BaseModel):\n    status: str\n\nclass UserOut(BaseModel):\n    email: str\n    orders: list[OrderOut]\n\ndef users(session: Session):\n    users = session.scalars(select(User).options(selectinload(User.orders)))\n    return [UserOut.model_validate(user) for user in users]",
    fixSafety:
      "The fix adds a loader option to the query, in the file that has it. Rows, their order and their number stay the same; it is unsafe where other code gets its rows from the same function.",
    references: [
      "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
      "https://docs.pydantic.dev/latest/concepts/models/#arbitrary-class-instances",
    ],
  },
  check: function* (subject) {
    for (const load of loadsOf(subject, "lazy-load-in-serializer")) yield loadProblem(subject, load, perRow(subject, load));
  },
};
