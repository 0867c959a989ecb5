import * as vscode from "vscode";
import { pagesToForget } from "./archiveModel.js";

/** How many pages a window remembers; a plan may have megabytes. */
const bound = 20;

/** What pages show, kept on disk beside the workspace's state, so that a reloaded window shows it again without asking a database. */
export class PageArchive<T> {
  readonly #folder: vscode.Uri;

  constructor(extension: vscode.ExtensionContext, kind: string) {
    const base = extension.storageUri ?? extension.globalStorageUri;
    this.#folder = vscode.Uri.joinPath(base, kind);
  }

  async write(id: string, value: T): Promise<void> {
    await vscode.workspace.fs.createDirectory(this.#folder);
    await vscode.workspace.fs.writeFile(this.#file(id), new TextEncoder().encode(JSON.stringify(value)));
    await this.#forgetOldest();
  }

  /** Undefined where nothing is kept or what is kept cannot be read. */
  async read(id: string): Promise<T | undefined> {
    try {
      return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(this.#file(id)))) as T;
    } catch {
      return undefined;
    }
  }

  async forget(id: string): Promise<void> {
    try {
      await vscode.workspace.fs.delete(this.#file(id));
    } catch {
      // Never written, or gone already: forgotten either way.
    }
  }

  async #forgetOldest(): Promise<void> {
    const names = (await vscode.workspace.fs.readDirectory(this.#folder)).map(([name]) => name);
    const dated = await Promise.all(
      names.map(async (name) => ({ name, time: (await vscode.workspace.fs.stat(vscode.Uri.joinPath(this.#folder, name))).mtime })),
    );
    for (const name of pagesToForget(dated, bound)) await vscode.workspace.fs.delete(vscode.Uri.joinPath(this.#folder, name));
  }

  #file(id: string): vscode.Uri {
    // Ids come back from a page's state: nothing but a plain name may reach the file system.
    return vscode.Uri.joinPath(this.#folder, `${id.replace(/[^A-Za-z0-9-]/g, "")}.json`);
  }
}
