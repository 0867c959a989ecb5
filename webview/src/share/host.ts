// Stands in for the editor in a page that was saved as one file. It must be imported before everything else.
import type { FromPage, ToPage } from "#protocol/pages";

let state: unknown;

function receive(message: FromPage): void {
  switch (message.type) {
    case "ready": {
      const text = document.getElementById("plan")?.textContent ?? "";
      window.postMessage(JSON.parse(text) as ToPage, "*");
      return;
    }
    case "save":
      return download(message.text, message.suggestedName, message.encoding);
    case "copy":
      void navigator.clipboard
        ?.writeText(message.text)
        .catch((error: unknown) => console.error("The browser does not let pages copy.", error));
      return;
    default:
      // Runs, the source and sharing again need the editor; the page offers none of them.
      return;
  }
}

function download(text: string, name: string, encoding: "base64" | undefined): void {
  const bytes = encoding === "base64" ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : new TextEncoder().encode(text);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** The editor's classes choose the colours; here the reader's system does. */
function followSystem(): void {
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    document.body.classList.toggle("vscode-dark", dark.matches);
    document.body.classList.toggle("vscode-light", !dark.matches);
  };
  apply();
  dark.addEventListener("change", apply);
}

followSystem();
Object.assign(globalThis, {
  acquireVsCodeApi: () => ({
    postMessage: receive,
    getState: () => state,
    setState: (next: unknown) => {
      state = next;
    },
  }),
});
