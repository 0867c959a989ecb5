import type { Problem, Rule } from "../rule.js";
import type { Suppression } from "../suppressions.js";

/** A comment that silences, with what it takes to judge it. */
export interface SuppressionSubject {
  readonly file: string;
  readonly suppression: Suppression;
  readonly knownRules: ReadonlySet<string>;
}

export const invalidSuppression: Rule<SuppressionSubject> = {
  meta: {
    id: "invalid-suppression",
    summary: "A comment silences a rule without a reason, or a rule that does not exist.",
    severity: "warning",
    enabledByDefault: true,
    languages: ["sql", "python", "jinja"],
  },
  docs: {
    whatItDoes:
      "Finds `db-optimize: ignore[…]` and `ignore-file[…]` comments that name no rule, name a rule that does not exist, or give no reason. A comment without a reason silences all the same.",
    whyBad:
      "The next reader cannot tell an accepted cost from one that was never looked at, and a misspelt rule silences nothing. Write the reason behind the brackets.",
    bad: "SELECT id FROM products ORDER BY id; -- db-optimize: ignore[order-by-random]",
    good: "SELECT id FROM products ORDER BY id; -- db-optimize: ignore[order-by-random] twelve rows, once a day",
    references: [],
  },
  check: function* ({ file, suppression, knownRules }) {
    const unknown = suppression.rules.filter((rule) => !knownRules.has(rule));
    const verb = suppression.scope === "file" ? "ignore-file" : "ignore";
    const problem = (message: string, anchor: string): Problem => ({
      file,
      span: suppression.comment,
      message,
      certainty: "certain",
      evidence: { level: "code", facts: [] },
      related: [],
      fixes: [],
      anchor,
    });
    if (suppression.rules.length === 0)
      yield problem(`This comment names no rule, so it silences nothing. Write db-optimize: ${verb}[rule-name] and the reason.`, verb);
    for (const rule of unknown)
      yield problem(`"${rule}" is no rule, so this comment silences nothing. See the list of rules for its name.`, `${verb} ${rule}`);
    if (suppression.rules.length > unknown.length && suppression.reason === "")
      yield problem(
        "This comment gives no reason, so the next reader cannot tell whether the cost was accepted. Write it behind the brackets.",
        `${verb} ${suppression.rules.join(" ")} without reason`,
      );
  },
};
