import type { Finding } from "../../../server/src/protocol/finding.js";

export function makeFinding(given: Partial<Finding> = {}): Finding {
  return {
    id: "id1",
    rule: "lazy-load-per-row",
    severity: "warning",
    certainty: "certain",
    message: "`User.posts` is loaded once per `user`",
    file: "app/views.py",
    line: 2,
    column: 11,
    endLine: 2,
    endColumn: 21,
    evidence: { level: "code", facts: [] },
    related: [],
    fixes: [],
    ...given,
  };
}
