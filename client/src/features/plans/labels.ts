import * as vscode from "vscode";
import type { KeptRun } from "#protocol/history";

/** "22 Nov, 14:02:09 · staging"; with seconds, because runs are repeated at once. */
export function labelOfRun({ time, connection }: KeptRun): string {
  const when = new Date(time).toLocaleString(vscode.env.language, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  return `${when} · ${connection.name}`;
}

/** What came out, and with which values. */
export function aboutRun({ executionTimeMs, cost, parameters, genericPlan }: KeptRun): string {
  const { t } = vscode.l10n;
  const outcome =
    executionTimeMs !== undefined
      ? t("{0} ms", executionTimeMs.toFixed(2))
      : cost === undefined
        ? ""
        : t("planned, cost {0}", cost.toFixed(2));
  const values = genericPlan ? t("generic plan") : parameters.map((value) => value ?? "NULL").join(", ");
  return [outcome, values].filter((part) => part !== "").join(" · ");
}
