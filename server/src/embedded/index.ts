export { createSampleServer } from "./sample.js";
export type { SampleServer, SampleServerOptions, SampleStatus } from "./sample.js";
export { defaultSampleDirectory } from "./directories.js";
