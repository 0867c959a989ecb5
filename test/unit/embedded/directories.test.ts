import { expect, test } from "vitest";
import { defaultSampleDirectory } from "../../../server/src/embedded/index.js";

const cases: [platform: NodeJS.Platform, environment: NodeJS.ProcessEnv, wanted: RegExp][] = [
  ["linux", { HOME: "/home/a" }, /^\/home\/a\/\.cache\/db-performance-optimizer\/sample$/],
  ["linux", { HOME: "/home/a", XDG_CACHE_HOME: "/cache" }, /^\/cache\/db-performance-optimizer\/sample$/],
  ["linux", { HOME: "/home/a", XDG_CACHE_HOME: "relative" }, /^\/home\/a\/\.cache\//],
  ["darwin", { HOME: "/Users/a" }, /^\/Users\/a\/Library\/Caches\//],
  ["win32", { LOCALAPPDATA: "C:\\Local" }, /^C:\\Local/],
  ["win32", { HOME: "/c/Users/a" }, /^\/c\/Users\/a\/AppData\/Local\//],
];
test.each(cases)("the command's sample lives in the user's cache: %s %j", (platform, environment, wanted) => {
  expect(defaultSampleDirectory(environment, platform)).toMatch(wanted);
});
