export interface PageParts {
  /** Entry in dist/webview, without its ending. */
  readonly entry: "explain" | "report" | "comparison";
  readonly title: string;
  readonly language: string;
  /** The web view's own source, as a policy names it. */
  readonly cspSource: string;
  /** Turns a file of dist/webview into an address that the page may load. */
  readonly address: (file: string) => string;
  /** Fresh for each page, from a cryptographic source. */
  readonly nonce: string;
  /** Kept in the page's state, by which a restored page finds what it showed. */
  readonly pageId: string;
}

/**
 * The document of a page. `unsafe-inline` is for styles only: Monaco and the drawing set sizes in style attributes. Scripts need the nonce
 * or come, as chunks, from dist/webview.
 */
export function pageHtml({ entry, title, language, cspSource, address, nonce, pageId }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${cspSource}`,
    `style-src ${cspSource} 'unsafe-inline'`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${escapeHtml(address(`${entry}.css`))}">
<script nonce="${nonce}">${rememberScript(pageId)}</script>
<script type="module" nonce="${nonce}" src="${escapeHtml(address(`${entry}.js`))}"></script>
</head>
<body><div id="root"></div></body>
</html>`;
}

/** The editor's API is handed out once: it is taken here, given the page's id as state, and passed on. */
function rememberScript(pageId: string): string {
  const id = JSON.stringify(pageId).replace(/</g, "\\u003c");
  return `{const api=acquireVsCodeApi();api.setState({...api.getState(),pageId:${id}});globalThis.acquireVsCodeApi=()=>api;}`;
}

export function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;").replace(/'/g, "&#39;");
}
