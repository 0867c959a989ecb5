import { useEffect, useRef, useState } from "preact/hooks";
import type { Viewer, ViewerLanguage } from "../monaco/viewer.js";
import { PlainCode } from "./PlainCode.js";
import { isSingleFile } from "./singleFile.js";
import { entryUrl } from "./start.js";

interface CodeViewProps {
  readonly text: string;
  readonly language: ViewerLanguage;
  readonly label: string;
  /** Stretches of the text (UTF-16 units) that are lit; the first is scrolled to. The same list for as long as nothing changes. */
  readonly lit?: readonly { readonly start: number; readonly end: number }[];
  /** Light the lines from edge to edge. */
  readonly wholeLines?: boolean;
  /** A line, from 1, was clicked or the cursor was moved to it. */
  readonly onLine?: (line: number) => void;
}

const nothing: NonNullable<CodeViewProps["lit"]> = [];

/** Code in Monaco; until that has loaded, or if it cannot be, the same text plainly. */
export function CodeView({ text, language, label, lit = nothing, wholeLines = false, onLine }: CodeViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const viewer = useRef<Viewer | undefined>(undefined);
  const [ready, setReady] = useState(false);
  const latest = useRef({ text, language, onLine });
  latest.current = { text, language, onLine };

  useEffect(() => {
    let gone = false;
    // There the plain text stays.
    if (isSingleFile()) return;
    loadViewer().then(
      ({ createViewer }) => {
        if (gone || !place.current) return;
        viewer.current = createViewer(place.current, latest.current.text, latest.current.language, label, (line) =>
          latest.current.onLine?.(line),
        );
        setReady(true);
      },
      (error: unknown) => console.error("Monaco could not be loaded; the text is shown without colours.", error),
    );
    return () => {
      gone = true;
      viewer.current?.dispose();
      viewer.current = undefined;
    };
  }, []);
  useEffect(() => viewer.current?.setText(text, language), [text, language]);
  useEffect(() => viewer.current?.light(lit, wholeLines), [ready, text, lit, wholeLines]);

  return (
    <div class="code-view">
      {!ready && <PlainCode text={text} label={label} lit={lit} onLine={onLine} />}
      <div class="monaco" ref={place} hidden={!ready} />
    </div>
  );
}

/**
 * A bundle and a sheet of its own: the page's first paint waits for neither. The address is computed, or the bundler would put
 * Monaco's sheet into the page's.
 */
function loadViewer(): Promise<typeof import("../monaco/viewer.js")> {
  if (!document.getElementById("monaco-stylesheet")) {
    const link = document.createElement("link");
    link.id = "monaco-stylesheet";
    link.rel = "stylesheet";
    link.href = new URL("./monaco.css", entryUrl()).href;
    document.head.append(link);
  }
  return import(new URL("./monaco.js", entryUrl()).href) as Promise<typeof import("../monaco/viewer.js")>;
}
