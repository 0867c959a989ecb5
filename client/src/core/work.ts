import * as vscode from "vscode";

/** What runs at the moment, for the status bar. */
export class Work {
  readonly #running = new Map<symbol, string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onChanged = this.#changed.event;

  get titles(): readonly string[] {
    return [...this.#running.values()];
  }

  async during<T>(title: string, run: () => Promise<T>): Promise<T> {
    const key = Symbol(title);
    this.#running.set(key, title);
    this.#changed.fire();
    try {
      return await run();
    } finally {
      this.#running.delete(key);
      this.#changed.fire();
    }
  }
}
