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

describe.each(versions)("translations for SQLAlchemy %s", (version) => {
  for (const file of files)
    test(file, () => {
      const verdicts = found.find((one) => one.version === version)!.verdicts.filter(({ recording }) => recording.file === file);
      expect(verdicts.length).toBeGreaterThan(0);
      const wrong = verdicts.filter(({ outcome }) => outcome === "wrong");
      expect(wrong.map(({ id, reasons, sql, statement }) => ({ id, reasons, ours: sql, sent: statement.bare }))).toEqual([]);
    });
});

test("what is refused is listed in translation/refused.json; where it no longer is, shorten the list (report.mjs --write-refused)", () => {
  expect(refusedOf(found)).toEqual(listedRefused());
});
