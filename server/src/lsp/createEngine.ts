import { homedir } from "node:os";
import { join } from "node:path";
import { createConnections, fileTrust, memoryTrust } from "../database/index.js";
import { fileHistory, noHistory } from "../history/index.js";
import { createSampleServer, defaultSampleDirectory, runOperation, type SampleServer } from "../operations/index.js";
import { createWorkspace, type Workspace } from "../workspace/index.js";
import type { Engine } from "./engine.js";
import type { EngineHost } from "./server.js";

/** Builds the rooms behind the language server. Nothing is connected to, and no database is started, before somebody asks. */
export async function createEngine(host: EngineHost): Promise<Engine> {
  const { log } = host;
  const sample = createSampleServer({
    dataDirectory: host.storage ? join(host.storage, "sample") : defaultSampleDirectory(),
    log: (line) => log.info(`sample database: ${line}`),
  });
  sample.onLost(() => tellLost(host));
  const connections = createConnections({
    profiles: [],
    password: (profile, rejected) => host.password({ connection: profile.id, target: profile.name, rejected }),
    cancelSample: () => sample.cancel(),
    trust: host.storage ? fileTrust(join(host.storage, "trust.json"), (line) => log.info(line)) : memoryTrust(),
    log: (line) => log.info(line),
    onStatus: (status) => host.statusChanged(status),
  });
  const open = (folders: readonly string[]): Promise<Workspace> =>
    createWorkspace({ folders, cacheDirectory: cacheDirectory(host), log: (line: string) => log.info(line) });
  const history = host.storage ? fileHistory(join(host.storage, "history")) : noHistory;
  let workspace = await open(host.folders);
  return {
    get workspace() {
      return workspace;
    },
    async setFolders(folders) {
      const old = workspace;
      workspace = await open(folders);
      await old.dispose();
    },
    setConnections(profiles, trusted) {
      connections.setProfiles(trusted ? profiles : []);
    },
    run: (operation, input, context) =>
      runOperation(operation, input, { workspace, connections, sample, history, now: () => new Date(), ...context }),
    dispose: () => disposeAll(workspace, () => connections.close(), sample),
  };
}

/** Sessions first: the sample's process must not go away under them. */
async function disposeAll(workspace: Workspace, closeConnections: () => Promise<void>, sample: SampleServer): Promise<void> {
  await Promise.allSettled([workspace.dispose(), closeConnections().then(() => sample.stop())]);
}

function tellLost(host: EngineHost): void {
  const base = { id: "sample", name: "Sample database", class: "sample", target: "embedded" } as const;
  host.statusChanged({ ...base, state: "failed", error: "The sample database ended. Start it again to use it." });
}

function cacheDirectory(host: EngineHost): string {
  return host.storage ? join(host.storage, "facts") : join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "db-optimize");
}
