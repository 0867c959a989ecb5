import type { Finding } from "#protocol/finding";
import { Icon } from "../common/Icon.js";
import { Prose } from "../common/Prose.js";
import { SeverityIcon } from "../common/Severity.js";
import { post } from "../common/host.js";
import { byRule, type RuleGroup } from "./groups.js";

export function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <section>
      <h2>Findings in the code</h2>
      {findings.length === 0 && (
        <p class="none">
          <Icon name="pass" /> No finding.
        </p>
      )}
      {byRule(findings).map((group, index) => (
        <RuleFindings key={group.rule} group={group} open={index < 3} />
      ))}
    </section>
  );
}

function RuleFindings({ group, open }: { group: RuleGroup; open: boolean }) {
  return (
    <details class="rule" open={open}>
      <summary>
        <SeverityIcon severity={group.severity} /> <span class="rule-name">{group.rule}</span>{" "}
        <span class="count">{group.findings.length}</span>
      </summary>
      <ul>
        {group.findings.map((finding) => (
          <li key={finding.id}>
            <button type="button" class="finding" onClick={() => post({ type: "openSource", file: finding.file, line: finding.line })}>
              <span class="wraps">
                <Prose text={finding.message} />
              </span>
              <span class="place wraps">
                {finding.file}:{finding.line}
              </span>
              <span class="evidence muted">
                {finding.evidence.level}
                {finding.certainty === "certain" ? "" : ` · ${finding.certainty}`}
                {finding.fixes.some((fix) => fix.applicability === "safe") ? " · safe fix" : ""}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
