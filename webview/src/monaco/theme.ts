import { editor } from "monaco-editor/editor/editor.api";

type Base = "vs" | "vs-dark" | "hc-black" | "hc-light";

/** VS Code names the kind of its theme on the page's body. */
function baseOf(classes: DOMTokenList): Base {
  if (classes.contains("vscode-high-contrast-light")) return "hc-light";
  if (classes.contains("vscode-high-contrast")) return "hc-black";
  return classes.contains("vscode-light") ? "vs" : "vs-dark";
}

// Monaco's own colours for SQL fall below a contrast of 4.5 in places (magenta and grey on white).
const light = { keyword: "0000ff", string: "a31515", number: "096d4c", comment: "007100", predefined: "795e26", key: "0451a5" };
const dark = { keyword: "569cd6", string: "ce9178", number: "b5cea8", comment: "7aa86a", predefined: "dcdcaa", key: "9cdcfe" };
const hcLight = { ...light, keyword: "0f4a85", comment: "515151", number: "096d48" };
const palettes: Record<Base, typeof light> = { vs: light, "vs-dark": dark, "hc-black": dark, "hc-light": hcLight };

const colors: readonly (readonly [string, string])[] = [
  ["editor.background", "--vscode-editor-background"],
  ["editor.foreground", "--vscode-editor-foreground"],
  // The themes' own line numbers fall below a contrast of 4.5; here they are what a message of PostgreSQL points at.
  ["editorLineNumber.foreground", "--muted"],
  ["editor.selectionBackground", "--vscode-editor-selectionBackground"],
  ["editorWidget.background", "--vscode-editorWidget-background"],
  ["editorWidget.border", "--vscode-editorWidget-border"],
  ["focusBorder", "--vscode-focusBorder"],
];

/** Monaco wants hexadecimal colours, the host's variables may be in any notation: the browser translates. */
function hexOf(variable: string): string | undefined {
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.color = `var(${variable}, transparent)`;
  const { color } = getComputedStyle(probe);
  probe.remove();
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) return undefined;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0, a = 0] = context.getImageData(0, 0, 1, 1).data;
  return a === 0 ? undefined : `#${[r, g, b, a].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

/** Colours as in the host's theme, and again whenever the user changes it. */
export function followHostTheme(): void {
  const apply = () => {
    const base = baseOf(document.body.classList);
    const palette = palettes[base];
    const text = hexOf("--vscode-editor-foreground")?.slice(1, 7);
    const rules = [
      ...["keyword", "string", "number", "comment"].map((token) => ({ token, foreground: palette[token as keyof typeof light] })),
      { token: "predefined", foreground: palette.predefined },
      { token: "string.key", foreground: palette.key },
      { token: "string.value", foreground: palette.string },
      ...["operator", "delimiter", "identifier"].map((token) => ({ token, foreground: text })),
    ];
    const known = colors.flatMap(([name, variable]) => {
      const hex = hexOf(variable);
      return hex ? [[name, hex] as const] : [];
    });
    editor.defineTheme("host", { base, inherit: true, rules: [...forLanguages(rules), ...rules], colors: Object.fromEntries(known) });
    editor.setTheme("host");
  };
  apply();
  new MutationObserver(apply).observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
}

/** The base themes have rules for `….sql` and `….json`, which would win over the shorter ones. */
function forLanguages<T extends { token: string }>(rules: readonly T[]): T[] {
  return rules.flatMap((rule) => ["sql", "json"].map((language) => ({ ...rule, token: `${rule.token}.${language}` })));
}
