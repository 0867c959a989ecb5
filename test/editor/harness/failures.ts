import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./editions.mjs";
import type { EditorPage } from "./page.js";

/** Where one looks when a test of the layer failed. */
export const failureFolder = join(root, "out/editor-failures");

export async function pictureOfFailure(editor: EditorPage | undefined, name: string): Promise<void> {
  if (!editor || editor.page.isClosed()) return;
  await mkdir(failureFolder, { recursive: true });
  const file = `${[...name]
    .map((letter) => (/[\w-]/.test(letter) ? letter : "_"))
    .join("")
    .slice(0, 120)}.png`;
  await editor.page.screenshot({ path: join(failureFolder, file) });
  console.error(`The window as it was: ${join(failureFolder, file)}`);
}
