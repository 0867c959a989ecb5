import type { Severity } from "#protocol/finding";

/** The editor's colours and fonts, as a canvas takes them. */
export interface DrawingTheme {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly card: string;
  readonly hovered: string;
  readonly edge: string;
  readonly focus: string;
  /** Of what the search found: ground, and border where the theme has one. */
  readonly match: string;
  readonly matchLine: string;
  readonly chip: string;
  readonly chipLine: string;
  readonly warning: string;
  /** From cool to hot. */
  readonly heat: readonly [string, string, string, string];
  /** The same as a tint of a card's ground. */
  readonly tint: readonly [string, string, string, string];
  readonly heatLine: readonly [string, string, string, string];
  readonly severity: Readonly<Record<Severity, string>>;
  readonly font: string;
  readonly mono: string;
  readonly highContrast: boolean;
  /** The letter of a codicon in the font "codicon". */
  readonly glyph: (icon: string) => string;
}

const mix = (color: string, percent: number, other = "var(--bg)") => `color-mix(in srgb, ${color} ${percent}%, ${other})`;
const heat = ["var(--heat-0)", "var(--heat-1)", "var(--heat-2)", "var(--heat-3)"] as const;

const colors = {
  background: "var(--bg)",
  text: "var(--fg)",
  muted: "var(--muted)",
  line: "var(--line)",
  card: "var(--raised)",
  hovered: mix("var(--fg)", 45),
  edge: mix("var(--fg)", 26),
  focus: "var(--vscode-focusBorder)",
  match: "var(--vscode-editor-findMatchHighlightBackground, transparent)",
  matchLine: "var(--vscode-editor-findMatchHighlightBorder, var(--vscode-charts-blue))",
  chip: mix("var(--warning)", 16),
  chipLine: mix("var(--fg)", 35),
  warning: "var(--warning)",
  error: "var(--error)",
  info: "var(--info)",
} as const;

/** Colours are asked of an element that has them, so that variables and mixtures come out as plain colours. */
export function readTheme(host: HTMLElement): DrawingTheme {
  const probe = host.appendChild(document.createElement("span"));
  const icons = new Map<string, string>();
  try {
    const style = getComputedStyle(probe);
    const resolve = (color: string) => {
      probe.style.color = color;
      return style.color;
    };
    const highContrast = document.body.classList.contains("vscode-high-contrast");
    const four = (tone: (color: string, level: number) => string) =>
      heat.map((color, level) => resolve(tone(color, level))) as [string, string, string, string];
    const plain = Object.fromEntries(Object.entries(colors).map(([name, color]) => [name, resolve(color)])) as Record<
      keyof typeof colors,
      string
    >;
    return {
      ...plain,
      edge: highContrast ? resolve(mix("var(--fg)", 60)) : plain.edge,
      hovered: resolve(`var(--vscode-contrastActiveBorder, ${colors.hovered})`),
      heat: four((color) => color),
      tint: highContrast ? four(() => "var(--bg)") : four((color, level) => mix(color, level === 0 ? 8 : 18)),
      heatLine: four((color, level) => (level < 2 ? "var(--line)" : `var(--vscode-contrastBorder, ${mix(color, 55)})`)),
      severity: { error: plain.error, warning: plain.warning, info: plain.info, hint: plain.info },
      font: style.fontFamily,
      mono: style.getPropertyValue("--vscode-editor-font-family") || "monospace",
      highContrast,
      glyph: (icon) => {
        let letter = icons.get(icon);
        if (letter === undefined) icons.set(icon, (letter = glyphOf(host, icon)));
        return letter;
      },
    };
  } finally {
    probe.remove();
  }
}

/** The style sheet of the icons knows their letters. */
function glyphOf(host: HTMLElement, icon: string): string {
  const probe = host.appendChild(document.createElement("span"));
  probe.className = `codicon codicon-${icon}`;
  const { content } = getComputedStyle(probe, "::before");
  probe.remove();
  return content.length === 3 ? (content[1] as string) : "";
}

/** VS Code rewrites the variables and the class of the body when the user takes another theme. @returns stops listening */
export function onThemeChange(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  return () => observer.disconnect();
}
