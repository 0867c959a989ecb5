import type { SqlFragment } from "#protocol/explained";
import { useMemo } from "preact/hooks";
import { CodeView } from "../../common/CodeView.js";
import type { PlanViewProps } from "../usePlanView.js";

/** The statement, with the parts lit that the selected node comes from. */
export function SqlView({ view, sql, fragments }: PlanViewProps & { readonly sql: string; readonly fragments: readonly SqlFragment[] }) {
  const lit = useMemo(() => fragments.filter(({ node }) => node === view.selected), [fragments, view.selected]);
  return <CodeView text={sql} language="pgsql" label="SQL" lit={lit} />;
}
