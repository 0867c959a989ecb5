import type * as vscode from "vscode";
import type { Commands } from "./commands.js";
import type { Server } from "./server.js";
import type { ConnectionStore } from "../features/connections/store.js";
import type { Work } from "./work.js";

/** What every feature is given. Whatever must be disposed goes into `extension.subscriptions`. */
export interface Services {
  readonly extension: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly commands: Commands;
  readonly server: Server;
  readonly connections: ConnectionStore;
  readonly work: Work;
}

/** A part of the extension that stands alone: it registers its commands and views and knows other features only by command or service. */
export interface Feature {
  readonly name: string;
  activate(services: Services): void;
}
