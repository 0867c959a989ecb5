/** The icons inside the elements' shadow roots are styled by the sheet that has this very id. */
const id = "vscode-codicon-stylesheet";

/** @param entryUrl where the page's entry point lies: the sheet lies beside it */
export function linkCodicons(entryUrl: () => string): void {
  if (document.getElementById(id)) return;
  const link = document.createElement("link");
  link.id = id;
  link.rel = "stylesheet";
  link.href = new URL("./codicon.css", entryUrl()).href;
  document.head.append(link);
}

/** Resolves when the icons' letters can be drawn: the sheet that names the font is there, and the font. */
export async function codiconsReady(): Promise<void> {
  const link = document.getElementById(id);
  if (link instanceof HTMLLinkElement && !link.sheet) {
    await new Promise<void>((resolve, reject) => {
      link.addEventListener("load", () => resolve(), { once: true });
      link.addEventListener("error", () => reject(new Error(`${link.href} could not be loaded.`)), { once: true });
    });
  }
  await document.fonts.load("16px codicon");
}
