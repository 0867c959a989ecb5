/** Colours of the host's theme as a canvas needs them. */
export interface Palette {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly focus: string;
  readonly match: string;
  /** By heat. */
  readonly fills: readonly [string, string, string, string];
  readonly font: string;
  readonly highContrast: boolean;
}

/** Variables hold any notation, and mixtures too: the browser computes them on an element. */
export function readPalette(element: HTMLElement): Palette {
  const probe = element.ownerDocument.createElement("span");
  element.append(probe);
  const color = (value: string): string => {
    probe.style.color = "";
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const tint = (variable: string, percent: number) => color(`color-mix(in srgb, ${variable} ${percent}%, var(--bg))`);
  const palette: Palette = {
    background: color("var(--bg)"),
    text: color("var(--fg)"),
    muted: color("var(--muted)"),
    line: color("var(--line)"),
    focus: color("var(--vscode-focusBorder)"),
    match: color("var(--vscode-editor-findMatchHighlightBorder, var(--warning))"),
    fills: [
      tint("var(--fg)", 9),
      tint("var(--warning)", 24),
      tint("color-mix(in srgb, var(--warning), var(--error))", 32),
      tint("var(--error)", 36),
    ],
    font: `12px ${getComputedStyle(element).fontFamily}`,
    highContrast: element.ownerDocument.body.classList.contains("vscode-high-contrast"),
  };
  probe.remove();
  return palette;
}
