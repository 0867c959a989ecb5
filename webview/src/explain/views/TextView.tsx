import { useMemo } from "preact/hooks";
import { CodeView } from "../../common/CodeView.js";
import { planFile } from "../planFile.js";
import type { PlanViewProps } from "../usePlanView.js";

export function TextView({ index }: PlanViewProps) {
  const { json } = useMemo(() => planFile(index.plan), [index]);
  return <CodeView text={index.plan.source} language={json ? "json" : "plaintext"} label="Plan as PostgreSQL sent it" />;
}
