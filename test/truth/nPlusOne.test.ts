import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startServer, type TestServer } from "../database/support/server.js";
import { silentCases, truthCases, type TruthCase } from "./cases.js";
import { runPython, versions, type Answer, type Run } from "./python.js";

// Two sizes tell growth from a constant. Both stay below 500, the chunk in which selectinload reads.
const sizes = [25, 60] as const;
const rules = ["lazy-load-per-row", "count-by-loading", "deferred-column-per-row", "query-in-loop", "async-lazy-load"] as const;
const cases = new Map(await Promise.all(rules.map(async (rule) => [rule, await truthCases(rule)] as const)));
const silent = [...(await silentCases("lazy-load-per-row")), ...(await silentCases("deferred-column-per-row"))];

let server: TestServer;
beforeAll(async () => {
  server = await startServer(15);
});
afterAll(async () => {
  await server?.stop();
});

describe.each(versions)("SQLAlchemy %s", (version) => {
  const before = new Map<string, Answer>();
  const after = new Map<string, Answer>();

  beforeAll(async () => {
    const all = [...cases.values()].flat();
    const dsn = `postgresql+psycopg://postgres@127.0.0.1:${server.port}/postgres`;
    const job = ({ id, calls }: TruthCase, files: TruthCase["before"]) => ({ id, files, calls, sizes });
    for (const [id, answer] of await runPython(
      version,
      dsn,
      all.map((one) => job(one, one.before)),
    ))
      before.set(id, answer);
    const mended = all.flatMap((one) => (one.after ? [job(one, one.after)] : []));
    for (const [id, answer] of await runPython(version, dsn, mended)) after.set(id, answer);
    const quiet = silent.map(({ id, calls, before: files }) => ({ id, files, calls, sizes }));
    for (const [id, answer] of await runPython(version, dsn, quiet)) before.set(id, answer);
  });

  for (const [rule, list] of cases) {
    for (const one of list) {
      test(one.id, () => {
        expect(before.get(one.id)?.error, "the fixture runs").toBeUndefined();
        for (const call of one.calls) {
          if (rule === "async-lazy-load") checkRaises(runsOf(before, one, call));
          else if (call.perRow) checkGrows(runsOf(before, one, call));
          if (one.after && call.mended) checkMended(runsOf(before, one, call), runsOf(after, one, call), rule);
        }
      });
    }
  }

  for (const one of silent) {
    test(`silent: ${one.id}`, () => {
      if (one.raises !== undefined) {
        for (const call of one.calls) for (const run of runsOf(before, one, call)) expect(run.error, described(run)).toBe(one.raises);
        return;
      }
      const growing = one.calls.filter((call) => grows(runsOf(before, one, call)));
      if (one.grows === undefined)
        expect(
          growing.map(({ function: name }) => name),
          "send more statements for more rows",
        ).toEqual([]);
      else expect(growing.length, `grows, because ${one.grows}`).toBeGreaterThan(0);
    });
  }
});

function runsOf(answers: ReadonlyMap<string, Answer>, { id }: { id: string }, call: { function: string }): [Run, Run] {
  const answer = answers.get(id);
  expect(answer?.error, "the fixture runs").toBeUndefined();
  const [small, large] = sizes.map((size) => answer?.runs.find((run) => run.size === size && run.call === call.function));
  if (!small || !large) throw new Error(`${id}: ${call.function} was not called at both sizes`);
  return [small, large];
}

const described = (run: Run): string =>
  `${run.call} with ${run.size}: ${run.error ? `${run.error}: ${run.message}` : `${run.statements} statements`}`;

/** A fixture that cannot be executed proves nothing. */
function grows([small, large]: [Run, Run]): boolean {
  expect(large.error, described(large)).toBeUndefined();
  expect(small.error, described(small)).toBeUndefined();
  return (large.statements ?? 0) > (small.statements ?? 0);
}

/** More rows, more statements: at least one per additional row. */
function checkGrows([small, large]: [Run, Run]): void {
  expect(large.error, described(large)).toBeUndefined();
  expect(small.error, described(small)).toBeUndefined();
  expect((large.statements ?? 0) - (small.statements ?? 0), `${described(small)}; ${described(large)}`).toBeGreaterThanOrEqual(
    large.size - small.size,
  );
}

function checkRaises(runs: [Run, Run]): void {
  for (const run of runs) expect(`${run.error} ${run.message}`, described(run)).toContain("MissingGreenlet");
}

function checkMended(before: [Run, Run], [small, large]: [Run, Run], rule: string): void {
  expect(large.error, described(large)).toBeUndefined();
  expect(small.error, described(small)).toBeUndefined();
  expect(large.statements, `${described(small)}; ${described(large)}`).toBe(small.statements);
  if (rule === "async-lazy-load") return; // before the fix there was no result to compare with
  expect([small.result, large.result], "returns and prints the same").toEqual(before.map((run) => run.result));
}
