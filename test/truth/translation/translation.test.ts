import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../../database/support/server.js";
import { versions } from "../python.js";
import { listedRefused, outcomes, refusedOf, type Outcome } from "./outcome.js";
import { corpusFiles } from "./recording.js";
import { translateCorpus } from "./translator.js";

let server: TestServer;
let found: readonly Outcome[];
beforeAll(async () => {
  server = await startServer(15);
  found = await outcomes(server, translateCorpus);
});
afterAll(() => server?.stop());

const files = corpusFiles().filter((path) => !/(?:__init__|models)\.py$/.test(path));

describe("translation", () => {
  test("the corpus has the shapes of the field", () => {
    for (const { recordings } of found) {
      const own = recordings.filter(({ statements }) => statements.some(({ kind }) => kind === "own" || kind === "get"));
      expect(new Set(own.map(({ file, function: name }) => `${file}:${name}`)).size).toBeGreaterThanOrEqual(400);
    }
  });

  for (const file of files)
    for (const version of versions)
      test(`${file} on SQLAlchemy ${version}`, () => {
        const outcome = found.find((one) => one.version === version)!;
        const calls = outcome.recordings.filter((recording) => recording.file === file);
        expect(calls.filter(({ error, statements }) => error !== undefined || statements.length === 0)).toEqual([]);
        const wrong = outcome.verdicts.filter((verdict) => verdict.recording.file === file && verdict.outcome === "wrong");
        expect(wrong.map(({ id, reasons, sql, statement }) => ({ id, reasons, ours: sql, sent: statement.bare }))).toEqual([]);
      });

  test("what is refused is listed in refused.json; where it no longer is, shorten the list", () => {
    expect(refusedOf(found)).toEqual(listedRefused());
  });
});
