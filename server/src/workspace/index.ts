export { createWorkspace, type WorkspaceOptions, type WorkspaceSettings } from "./createWorkspace.js";
export { readProjectSettings, type ProjectSettings } from "./config.js";
export { assetPath } from "./assets.js";
export { isBelow, languageOf } from "./discovery.js";
export { versionPatterns } from "./sqlalchemyVersion.js";
export { saveWasmMemory } from "./wasmMemory.js";
export type { CheckOptions, CheckResult, Workspace } from "./workspace.js";
