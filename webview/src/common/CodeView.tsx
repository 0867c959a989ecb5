import { useEffect, useRef, useState } from "preact/hooks";
import type { Viewer, ViewerLanguage } from "../monaco/viewer.js";
import { entryUrl } from "./start.js";

interface CodeViewProps {
  readonly text: string;
  readonly language: ViewerLanguage;
  readonly label: string;
}

/** Code in Monaco; until that has loaded, or if it cannot be, the same text plainly. */
export function CodeView({ text, language, label }: CodeViewProps) {
  const place = useRef<HTMLDivElement>(null);
  const viewer = useRef<Viewer | undefined>(undefined);
  const [ready, setReady] = useState(false);
  const latest = useRef({ text, language });
  latest.current = { text, language };

  useEffect(() => {
    let gone = false;
    loadViewer().then(
      ({ createViewer }) => {
        if (gone || !place.current) return;
        viewer.current = createViewer(place.current, latest.current.text, latest.current.language, label);
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

  return (
    <div class="code-view">
      {!ready && (
        <pre class="code plain" tabIndex={0} aria-label={label}>
          {text}
        </pre>
      )}
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
