import { useCallback, useMemo } from "preact/hooks";
import { CodeView } from "../../common/CodeView.js";
import { planFile } from "../planFile.js";
import type { PlanViewProps } from "../usePlanView.js";
import { lineStarts, nodeOfLine, stretchOfLines } from "./lines.js";

/** The plan as PostgreSQL sent it, with the selected node's lines lit; a line selects the node that it belongs to. */
export function TextView({ index, view, actions }: PlanViewProps) {
  const { source } = index.plan;
  const { json } = useMemo(() => planFile(index.plan), [index]);
  const starts = useMemo(() => lineStarts(source), [source]);
  const lines = index.nodes.get(view.selected)?.lines;
  const lit = useMemo(() => {
    const stretch = lines && stretchOfLines(source, starts, lines.first, lines.last);
    return stretch ? [stretch] : [];
  }, [source, starts, lines?.first, lines?.last]);
  const onLine = useCallback(
    (line: number) => {
      const node = nodeOfLine(index.plan, line);
      if (node !== undefined) actions.select(node);
    },
    [index, actions],
  );
  return (
    <CodeView
      text={source}
      language={json ? "json" : "plaintext"}
      label="Plan as PostgreSQL sent it"
      lit={lit}
      wholeLines
      onLine={onLine}
    />
  );
}
