import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-progress-bar/index.js";
import { render, type ComponentChild } from "preact";
import { linkCodicons } from "./codicons.js";

/** Code may lie in chunks/; the sheets lie beside the entry point. */
export function entryUrl(): string {
  return import.meta.url.replace(/\/chunks\/[^/]*$/, "/");
}

export function start(page: ComponentChild): void {
  linkCodicons(entryUrl);
  const root = document.getElementById("root") ?? document.body.appendChild(document.createElement("div"));
  root.id = "root";
  render(page, root);
}
