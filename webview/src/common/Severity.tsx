import type { Severity } from "#protocol/finding";
import { Icon } from "./Icon.js";

const icons: Record<Severity, string> = { error: "error", warning: "warning", info: "info", hint: "lightbulb" };
const words: Record<Severity, string> = { error: "Error", warning: "Warning", info: "Information", hint: "Hint" };
export function SeverityIcon({ severity }: { severity: Severity }) {
  return (
    <span class={`severity severity-${severity}`}>
      <Icon name={icons[severity]} />
      <span class="visually-hidden">{words[severity]}: </span>
    </span>
  );
}

export function severityIcon(severity: Severity): string {
  return icons[severity];
}
