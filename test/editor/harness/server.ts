import { spawn, type ChildProcess } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chosenEdition } from "./editions.mjs";

export interface EditorOptions {
  /** Copied into a folder of its own, which the window opens. */
  readonly project: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets the in-host suite run; suppresses toasts, so not for what a person sees. */
  readonly inHost?: boolean;
}

export interface EditorServer {
  readonly origin: string;
  /** The copy of the project that the window shows. */
  readonly folder: string;
  readonly log: () => string;
  stop(): Promise<void>;
}

const baseSettings = {
  "workbench.startupEditor": "none",
  "workbench.colorTheme": "Dark Modern",
  "chat.disableAIFeatures": true,
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "editor.minimap.enabled": false,
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
};

/** Nothing here may run longer, whatever hangs. */
const limitSeconds = 900;

/** A VS Code of its own with the packaged extension; user data and the project's copy are gone when it stops. */
export async function startEditor({ project, settings = {}, inHost = false }: EditorOptions): Promise<EditorServer> {
  const edition = chosenEdition();
  const home = await mkdtemp(join(tmpdir(), "db-optimize-editor-"));
  const folder = join(home, "shop");
  const user = join(home, "data", "User");
  await cp(project, folder, { recursive: true });
  await mkdir(user, { recursive: true });
  await writeFile(join(user, "settings.json"), JSON.stringify({ ...baseSettings, ...settings }, undefined, 2));
  // An empty one: the user's own would be read otherwise.
  await writeFile(join(home, "config.yaml"), "");
  const args = [
    edition.entry,
    ...["--auth", "none", "--bind-addr", "127.0.0.1:0", "--config", join(home, "config.yaml")],
    ...["--user-data-dir", join(home, "data"), "--extensions-dir", edition.extensions],
    ...["--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"],
    ...(inHost ? edition.inHostOptions : []),
  ];
  const supervisor = join(import.meta.dirname, "supervisor.mjs");
  const child = spawn(process.execPath, [supervisor, String(limitSeconds), edition.node, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    // The extension host inherits it; the window's own way to hand over an environment is not known to VS Code 1.100.
    env: { ...process.env, VSCODE_IPC_HOOK_CLI: undefined, IN_HOST_RESULTS: join(home, "in-host.json") },
  });
  const output = collect(child);
  try {
    const origin = await output.match("HTTP server listening on ", 60_000);
    return {
      origin: origin.replace(/\/$/, ""),
      folder,
      log: output.text,
      async stop() {
        await ended(child);
        await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      },
    };
  } catch (error) {
    await ended(child);
    await rm(home, { recursive: true, force: true });
    throw error;
  }
}

function collect(child: ChildProcess) {
  let text = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      for (const listener of listeners) listener();
    });
  return {
    text: () => text,
    /** The rest of the line after `words`. */
    match(words: string, limitMs: number): Promise<string> {
      return new Promise((resolve, reject) => {
        const finish = (act: () => void) => {
          clearTimeout(timer);
          listeners.delete(look);
          act();
        };
        const look = () => {
          const start = text.indexOf(words);
          const end = text.indexOf("\n", start);
          if (start >= 0 && end >= 0) finish(() => resolve(text.slice(start + words.length, end).trim()));
        };
        const timer = setTimeout(() => finish(() => reject(new Error(`The editor did not start:\n${text}`))), limitMs);
        listeners.add(look);
        child.once("exit", () => finish(() => reject(new Error(`The editor ended at once:\n${text}`))));
        look();
      });
    },
  };
}

/** Closing the pipe tells the supervisor to end the whole group. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once("exit", () => resolve());
    child.stdin?.end();
  });
}
