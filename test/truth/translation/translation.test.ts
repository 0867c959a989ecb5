import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../../database/support/server.js";
import { versions } from "../python.js";
import { absentOf, listedAbsent, listedRefused, outcomes, refusedOf, type Outcome } from "./outcome.js";
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

  test("what loading causes", () => {
    const { verdicts, unproven } = found.find((one) => one.version === version)!.causes;
    const wrong = verdicts.filter(({ outcome }) => outcome === "wrong");
    expect(wrong.map(({ id, sql, real }) => ({ id, ours: sql, sent: real.bare }))).toEqual([]);
    const count = (kind: string) => verdicts.filter(({ outcome, real }) => outcome === "right" && real.kind === kind).length;
    expect(count("lazy-load")).toBeGreaterThan(400);
    expect(count("eager-load")).toBeGreaterThan(120);
    expect(count("refresh")).toBeGreaterThan(250);
    // A relationship of the filled tables that leads nowhere sends nothing.
    expect(unproven.length).toBeLessThan(40);
  });
});

test("what loading causes beside what we say is listed in translation/absent.json; where it no longer is, shorten the list", () => {
  expect(absentOf(found)).toEqual(listedAbsent());
});

test("what is refused is listed in translation/refused.json; where it no longer is, shorten the list (report.mjs --write-refused)", () => {
  expect(refusedOf(found)).toEqual(listedRefused());
});
