import * as vscode from "vscode";
import { showFailure } from "./failure.js";

/** Registers commands so that an error becomes one clear message and a line in the log, never an unhandled rejection. */
export class Commands {
  constructor(
    private readonly subscriptions: vscode.Disposable[],
    private readonly log: vscode.LogOutputChannel,
  ) {}

  register<A extends unknown[]>(id: string, run: (...args: A) => unknown): void {
    const guarded = async (...args: A): Promise<unknown> => {
      try {
        return await run(...args);
      } catch (error) {
        await showFailure(error, this.log);
        return undefined;
      }
    };
    this.subscriptions.push(vscode.commands.registerCommand(id, guarded));
  }
}
