import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import * as vscode from "vscode";
import type { ConnectionProfile, ConnectionStatus } from "#protocol/connection";
import { completeProfile, readLimits, readSettingsProfiles, type Limits } from "./profiles.js";

const profilesKey = "dbOptimize.connections";
const defaultKey = "dbOptimize.defaultConnection";

/**
 * The connections of this window: those the user made (global state), those that the settings name, and the sample while it runs.
 * Passwords are in the secret storage and nowhere else.
 */
export class ConnectionStore {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #status = new Map<string, ConnectionStatus>();
  readonly #statusChanged = new vscode.EventEmitter<ConnectionStatus>();
  #sample: ConnectionProfile | undefined;
  /** Profiles or the default one. */
  readonly onChanged = this.#changed.event;
  readonly onStatus = this.#statusChanged.event;

  constructor(private readonly extension: vscode.ExtensionContext) {
    const watch = vscode.workspace.onDidChangeConfiguration((event) => {
      const ours = ["dbOptimize.connections", "dbOptimize.explain"].some((section) => event.affectsConfiguration(section));
      if (ours) this.#changed.fire();
    });
    extension.subscriptions.push(watch, this.#changed, this.#statusChanged);
  }

  all(): readonly ConnectionProfile[] {
    return [...(this.#sample ? [this.#sample] : []), ...this.#own(), ...this.settings().profiles].map(withAbsoluteFile);
  }

  settings(): ReturnType<typeof readSettingsProfiles> {
    return readSettingsProfiles(vscode.workspace.getConfiguration("dbOptimize").get("connections"), limits());
  }

  get(id: string): ConnectionProfile | undefined {
    return this.all().find((profile) => profile.id === id);
  }

  /** Settings are edited in the settings, the sample not at all. */
  isOwn(id: string): boolean {
    return this.#own().some((profile) => profile.id === id);
  }

  newId(): string {
    return randomUUID();
  }

  async save(profile: ConnectionProfile, password?: string): Promise<void> {
    const others = this.#own().filter(({ id }) => id !== profile.id);
    if (password !== undefined) await this.setPassword(profile.id, password);
    await this.extension.globalState.update(profilesKey, [...others, profile].map(withoutLimits));
    this.#status.delete(profile.id);
    this.#changed.fire();
  }

  async remove(id: string): Promise<void> {
    await this.extension.globalState.update(
      profilesKey,
      this.#own()
        .filter((profile) => profile.id !== id)
        .map(withoutLimits),
    );
    await this.extension.secrets.delete(secretKey(id));
    if (this.defaultId() === id) await this.extension.workspaceState.update(defaultKey, undefined);
    this.#status.delete(id);
    this.#changed.fire();
  }

  setSample(profile: ConnectionProfile | undefined): void {
    this.#sample = profile;
    if (!profile) this.#status.delete("sample");
    this.#changed.fire();
  }

  password(id: string): Thenable<string | undefined> {
    return this.extension.secrets.get(secretKey(id));
  }

  async setPassword(id: string, password: string): Promise<void> {
    if (password === "") await this.extension.secrets.delete(secretKey(id));
    else await this.extension.secrets.store(secretKey(id), password);
  }

  status(id: string): ConnectionStatus | undefined {
    return this.#status.get(id);
  }

  statusArrived(status: ConnectionStatus): void {
    this.#status.set(status.id, status);
    this.#statusChanged.fire(status);
  }

  defaultId(): string | undefined {
    return this.extension.workspaceState.get<string>(defaultKey);
  }

  /** What is used where nobody was asked: the chosen one, or the only one. */
  current(): ConnectionProfile | undefined {
    const all = this.all();
    return all.find(({ id }) => id === this.defaultId()) ?? (all.length === 1 ? all[0] : undefined);
  }

  async setDefault(id: string): Promise<void> {
    await this.extension.workspaceState.update(defaultKey, id);
    this.#changed.fire();
  }

  #own(): readonly ConnectionProfile[] {
    const stored = this.extension.globalState.get<ProfileWithoutLimits[]>(profilesKey, []);
    return stored.map((profile) => completeProfile(profile, limits()));
  }
}

/** The server's working directory is not the project's. */
function withAbsoluteFile(profile: ConnectionProfile): ConnectionProfile {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  return profile.dotenvFile && folder ? { ...profile, dotenvFile: resolve(folder, profile.dotenvFile) } : profile;
}

type ProfileWithoutLimits = Omit<ConnectionProfile, keyof Limits>;

/** Timeouts of the user's own connections follow the settings, also after the connection was made. */
function withoutLimits({ connectTimeout: _connect, statementTimeout: _statement, ...rest }: ConnectionProfile): ProfileWithoutLimits {
  return rest;
}

function limits(): Limits {
  const settings = vscode.workspace.getConfiguration("dbOptimize.explain");
  return readLimits(settings.get("connectTimeout"), settings.get("statementTimeout"));
}

function secretKey(id: string): string {
  return `dbOptimize.password.${id}`;
}
