import { maskExplained } from "#protocol/masking/maskExplained";
import { planJson } from "#protocol/planJson";
import { useRef, useState } from "preact/hooks";
import { Button } from "../../common/Button.js";
import { Icon } from "../../common/Icon.js";
import { post } from "../../common/host.js";
import { isSingleFile } from "../../common/singleFile.js";
import type { Explained } from "../pageState.js";
import { indexPlan } from "../planIndex.js";
import { planFile } from "../planFile.js";
import { planMarkdown } from "./markdown.js";
import { planPng } from "./png.js";
import { planSvg } from "./svg.js";

type Format = "html" | "svg" | "png" | "markdown" | "json" | "source";

const formats: readonly { readonly id: Format; readonly label: string; readonly icon: string; readonly ending: string }[] = [
  { id: "html", label: "HTML, one file to share", icon: "globe", ending: "html" },
  { id: "markdown", label: "Markdown, for a pull request", icon: "markdown", ending: "md" },
  { id: "svg", label: "SVG drawing", icon: "symbol-color", ending: "svg" },
  { id: "png", label: "PNG picture", icon: "file-media", ending: "png" },
  { id: "json", label: "JSON plan", icon: "json", ending: "json" },
];

/** Every way out of the page, with names and literals as they are or masked. */
export function ExportMenu({ explained }: { explained: Explained }) {
  const [names, setNames] = useState(false);
  const [literals, setLiterals] = useState(false);
  const [problem, setProblem] = useState("");
  const menu = useRef<HTMLDetailsElement>(null);
  const { result } = explained;
  const run = async (format: Format, copied: boolean) => {
    setProblem("");
    try {
      await exportPlan(explained, format, { names, literals }, copied);
      if (menu.current) menu.current.open = false;
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  };
  const offered = isSingleFile() ? formats.filter(({ id }) => id !== "html") : formats;
  const text = planFile(result.plan).json ? undefined : "Plan as it was read";
  return (
    <details
      class="export"
      ref={menu}
      onFocusOut={(event) => {
        // To nowhere is another window, which is no reason to close.
        const to = event.relatedTarget as Node | null;
        if (to && menu.current && !menu.current.contains(to)) menu.current.open = false;
      }}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !menu.current) return;
        menu.current.open = false;
        menu.current.querySelector("summary")?.focus();
      }}
    >
      <summary aria-label="Export and share" title="Export and share">
        <Icon name="export" /> <span class="button-label">Export</span>
      </summary>
      <div class="export-panel" tabIndex={-1} role="group" aria-label="Export and share">
        <fieldset>
          <legend>Before it leaves</legend>
          <label>
            <input type="checkbox" checked={names} onChange={(event) => setNames(event.currentTarget.checked)} />
            Mask names (tables, columns, indexes, functions)
          </label>
          <label>
            <input type="checkbox" checked={literals} onChange={(event) => setLiterals(event.currentTarget.checked)} />
            Mask literals in conditions and in the statement
          </label>
          <p class="muted">
            The tree and all measurements stay. Masking either also leaves out connection, file and settings' values of your own.
          </p>
        </fieldset>
        <ul>
          {offered.map(({ id, label, icon }) => (
            <li key={id}>
              <button type="button" class="menu-item" onClick={() => void run(id, false)}>
                <Icon name={icon} /> {label}
              </button>
              {(id === "markdown" || id === "json") && (
                <Button shrinks icon="copy" label={`Copy ${id === "json" ? "JSON" : "Markdown"}`} onPress={() => void run(id, true)} />
              )}
            </li>
          ))}
          {text && !names && !literals && (
            <li>
              <button type="button" class="menu-item" onClick={() => void run("source", false)}>
                <Icon name="file-text" /> {text}
              </button>
            </li>
          )}
        </ul>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
      </div>
    </details>
  );
}

interface Masking {
  readonly names: boolean;
  readonly literals: boolean;
}

async function exportPlan(explained: Explained, format: Format, masking: Masking, copied: boolean): Promise<void> {
  const masked = masking.names || masking.literals;
  const result = maskExplained(explained.result, masking);
  const index = indexPlan(result.plan);
  const base = masked ? "plan-masked" : planFile(result.plan).name.replace(/\.[a-z]+$/, "");
  const save = (text: string, ending: string, encoding?: "base64") =>
    post({ type: "save", text, suggestedName: `${base}.${ending}`, ...(encoding ? { encoding } : {}) });
  const give = (text: string, ending: string, what: string) => (copied ? post({ type: "copy", text, what }) : save(text, ending));
  switch (format) {
    case "html": {
      const { source, ...rest } = explained;
      const content = { ...rest, result, ...(source && !masked ? { source } : {}) };
      return post({ type: "share", content, suggestedName: `${base}.html` });
    }
    case "svg":
      return save(planSvg(index).svg, "svg");
    case "png":
      return save(await planPng(index), "png", "base64");
    case "markdown":
      return give(planMarkdown(index, result.sql), "md", "Markdown");
    case "json":
      return give(planFile(result.plan).json ? result.plan.source : planJson(result.plan).text, "json", "JSON plan");
    case "source":
      return save(result.plan.source, "txt");
  }
}
