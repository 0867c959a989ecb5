import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../database/support/server.js";
import { readPrograms } from "./programs.js";
import { versions } from "./python.js";
import { ProgramRunner } from "./runner.js";
import { failures, judge } from "./verdict.js";

/** Programs that the checker does not get right yet, and how it fails. */
const open = JSON.parse(readFileSync(join(import.meta.dirname, "programs/open.json"), "utf8")) as Record<string, string[]>;
const programs = readPrograms();

let server: TestServer;
const runners = new Map<string, ProgramRunner>();
beforeAll(async () => {
  server = await startServer(15);
  for (const version of versions) runners.set(version, new ProgramRunner(version, server.port));
});
afterAll(async () => {
  for (const runner of runners.values()) await runner.stop();
  await server?.stop();
});

describe("programs", () => {
  test("open.json names programs that exist", () => {
    const ids = programs.map(({ id }) => id);
    expect(Object.keys(open).filter((id) => !ids.includes(id))).toEqual([]);
  });

  for (const program of programs) {
    test(program.id, async () => {
      const verdict = await judge(program, runners);
      expect(verdict.truth, "the program does what its marks say").toEqual([]);
      const listed = open[program.id];
      if (listed) expect(failures(verdict), "fails as programs/open.json says; where it does not, shorten the list").toEqual(listed);
      else
        expect({ missed: verdict.missed, extra: verdict.extra, fix: verdict.fix }, "what the checker gets wrong").toEqual({
          missed: [],
          extra: [],
          fix: [],
        });
    });
  }
});
