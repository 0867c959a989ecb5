import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import { render, type ComponentChild } from "preact";

/** The icons inside the elements' shadow roots are styled by the sheet that has this very id. */
function linkCodicons(): void {
  if (document.getElementById("vscode-codicon-stylesheet")) return;
  const link = document.createElement("link");
  link.id = "vscode-codicon-stylesheet";
  link.rel = "stylesheet";
  link.href = new URL("./codicon.css", entryUrl()).href;
  document.head.append(link);
}

/** Code may lie in chunks/; the sheets lie beside the entry point. */
export function entryUrl(): string {
  return import.meta.url.replace(/\/chunks\/[^/]*$/, "/");
}

export function start(page: ComponentChild): void {
  linkCodicons();
  const root = document.getElementById("root") ?? document.body.appendChild(document.createElement("div"));
  root.id = "root";
  render(page, root);
}
