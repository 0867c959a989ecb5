import type * as vscode from "vscode";
import type { LocatedStatement } from "#protocol/statement";
import { remember, recall, type Memory } from "./memory.js";
import { keyOf, type ParameterAnswers } from "./request.js";

const key = "dbOptimize.parameters";

/** Answers per statement, in the workspace's state. */
export class RememberedAnswers {
  constructor(private readonly state: vscode.Memento) {}

  get(statement: LocatedStatement): ParameterAnswers | undefined {
    return recall(this.#memory(), keyOf(statement), statement.parameters.length);
  }

  async set(statement: LocatedStatement, answers: ParameterAnswers): Promise<void> {
    await this.state.update(key, remember(this.#memory(), keyOf(statement), answers));
  }

  #memory(): Memory {
    return this.state.get<Memory>(key, []);
  }
}
