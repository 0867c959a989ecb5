import { useEffect, useRef } from "preact/hooks";

export interface PlainCodeProps {
  readonly text: string;
  readonly label: string;
  readonly lit: readonly { readonly start: number; readonly end: number }[];
  readonly onLine?: (line: number) => void;
}

/** Text without colours, with the lit stretches marked: until the editor has loaded, and where there is none. */
export function PlainCode({ text, label, lit, onLine }: PlainCodeProps) {
  const place = useRef<HTMLPreElement>(null);
  useEffect(() => place.current?.querySelector("mark")?.scrollIntoView({ block: "nearest" }), [lit]);
  return (
    <pre
      ref={place}
      class="code plain"
      tabIndex={0}
      aria-label={label}
      onClick={(event) => {
        const line = lineAt(event.currentTarget, event.clientY);
        if (line !== undefined) onLine?.(line);
      }}
    >
      {pieces(text, lit)}
    </pre>
  );
}

function pieces(text: string, lit: PlainCodeProps["lit"]) {
  let at = 0;
  const parts = [...lit]
    .sort((a, b) => a.start - b.start)
    .flatMap(({ start, end }) => {
      const from = Math.max(at, start);
      const before = text.slice(at, from);
      at = Math.max(at, end);
      return [before, <mark key={start}>{text.slice(from, at)}</mark>];
    });
  return [...parts, text.slice(at)];
}

/** Lines do not wrap, so that all are equally high. */
function lineAt(element: HTMLElement, clientY: number): number | undefined {
  const style = getComputedStyle(element);
  const height = Number.parseFloat(style.lineHeight);
  if (!(height > 0)) return undefined;
  const top = element.getBoundingClientRect().top + Number.parseFloat(style.paddingTop) - element.scrollTop;
  return Math.floor((clientY - top) / height) + 1;
}
