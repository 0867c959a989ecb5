// Monaco in a bundle of its own, loaded after the first paint. Tokens are coloured on the page itself: read-only SQL and JSON
// need no worker, and the content security policy need not allow one.
import "monaco-editor/features/find/register";
import "monaco-editor/features/folding/register";
import "monaco-editor/features/bracketMatching/register";
import { editor, languages, Range } from "monaco-editor/editor/editor.api";
import { conf, language } from "monaco-editor/languages/definitions/pgsql/pgsql";
import { createTokenizationSupport } from "monaco-editor/languages/features/json/tokenization";
import { followHostTheme } from "./theme.js";

languages.register({ id: "pgsql" });
// Monaco has AND, JOIN and their like as operators and does not know BY: to the reader all are keywords.
languages.setMonarchTokensProvider("pgsql", { ...language, keywords: [...language.keywords, ...language.operators, "BY"], operators: [] });
languages.setLanguageConfiguration("pgsql", conf);
languages.register({ id: "json" });
languages.setTokensProvider("json", createTokenizationSupport(false));
followHostTheme();

export type ViewerLanguage = "pgsql" | "json" | "plaintext";

export interface Viewer {
  setText(text: string, language: ViewerLanguage): void;
  /** Lights stretches of the text (UTF-16 units) and brings the first into sight. */
  light(stretches: readonly { readonly start: number; readonly end: number }[], wholeLines: boolean): void;
  dispose(): void;
}

/** A read-only editor that fills `element`; `onLine` hears of clicks and of the keys that move the cursor. */
export function createViewer(
  element: HTMLElement,
  text: string,
  language: ViewerLanguage,
  label: string,
  onLine: (line: number) => void,
): Viewer {
  const style = getComputedStyle(document.body);
  const model = editor.createModel(text, language);
  const instance = editor.create(element, {
    model,
    readOnly: true,
    domReadOnly: true,
    ariaLabel: label,
    automaticLayout: true,
    fontFamily: style.getPropertyValue("--vscode-editor-font-family") || "monospace",
    fontSize: Number.parseFloat(style.getPropertyValue("--vscode-editor-font-size")) || 13,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    wordWrap: language === "pgsql" ? "on" : "off",
    lineNumbersMinChars: 3,
    folding: language === "json",
    foldingStrategy: "indentation",
    renderLineHighlight: "none",
    occurrencesHighlight: "off",
    selectionHighlight: false,
    matchBrackets: "near",
    overviewRulerLanes: 0,
    overviewRulerBorder: false,
    hideCursorInOverviewRuler: true,
    links: false,
    contextmenu: false,
    // What looks like another letter is part of the data here, and its warning needs a worker.
    unicodeHighlight: { ambiguousCharacters: false, invisibleCharacters: false, nonBasicASCII: false },
    padding: { top: 12, bottom: 12 },
    scrollbar: { alwaysConsumeMouseWheel: false },
    accessibilitySupport: "auto",
  });
  const lit = instance.createDecorationsCollection();
  instance.onDidChangeCursorPosition(({ position, source }) => {
    if (source === "mouse" || source === "keyboard") onLine(position.lineNumber);
  });
  return {
    light(stretches, wholeLines) {
      const ranges = stretches.map(({ start, end }) => Range.fromPositions(model.getPositionAt(start), model.getPositionAt(end)));
      lit.set(
        ranges.map((range) => ({ range, options: wholeLines ? { isWholeLine: true, className: "lit-line" } : { className: "lit-text" } })),
      );
      if (ranges[0]) instance.revealRangeInCenterIfOutsideViewport(ranges[0]);
    },
    setText(next, nextLanguage) {
      if (model.getValue() !== next) model.setValue(next);
      editor.setModelLanguage(model, nextLanguage);
    },
    dispose() {
      instance.dispose();
      model.dispose();
    },
  };
}
