import type { Finding } from "../../../server/src/protocol/finding.js";

export const finding = (more: Partial<Finding> = {}): Finding => ({
  id: "f1",
  rule: "lazy-load-per-row",
  severity: "warning",
  certainty: "certain",
  message: "`User.orders` is loaded once per `user`",
  file: "app.py",
  line: 3,
  column: 5,
  endLine: 3,
  endColumn: 16,
  evidence: { level: "code", facts: ["the loop"] },
  related: [],
  fixes: [],
  ...more,
});
