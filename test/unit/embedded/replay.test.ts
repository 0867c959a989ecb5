import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { definitionFolder } from "../../../server/src/embedded/assets.js";
import { PacketReader, startup } from "../../../server/src/embedded/framing.js";
import { messages, workloadFile, type Workload, type WorkloadText } from "../../../server/src/embedded/replay.js";

const texts: WorkloadText[] = [
  { sql: "BEGIN", types: [], kind: "begin" },
  { sql: "COMMIT", types: [], kind: "commit" },
  { sql: "ROLLBACK", types: [], kind: "rollback" },
  { sql: "SELECT $1", types: [23] },
  { sql: "UPDATE t SET a = $1", types: [23] },
  { sql: "INSERT INTO t VALUES ($1)", types: [23], kind: "rows" },
];

/** What is sent, with values: simple queries by their text, others as text(values). */
function sent(statements: Workload["statements"]): string[] {
  const reader = new PacketReader();
  const found: string[] = [];
  let parsed = "";
  for (const packet of reader.read(Buffer.concat([startup({ user: "a" }), ...messages({ texts, statements })]))) {
    if (packet.kind !== "message") continue;
    const body = packet.bytes.subarray(5);
    if (packet.type === "Q") found.push(body.toString().slice(0, -1));
    if (packet.type === "P") parsed = body.subarray(1, body.indexOf(0, 1)).toString();
    if (packet.type === "B") found.push(`${parsed.split(" ")[0]}(${body.readInt32BE(6) < 0 ? "null" : body.subarray(10, -2).toString()})`);
  }
  return found;
}

const cases: [name: string, statements: Workload["statements"], wanted: string[]][] = [
  ["reading commits as recorded", [[0], [3, "5"], [1]], ["BEGIN", "SELECT(5)", "COMMIT"]],
  ["changing values commits", [[0], [4, "5"], [1]], ["BEGIN", "UPDATE(5)", "COMMIT"]],
  ["adding rows is rolled back", [[0], [5, "5"], [1]], ["BEGIN", "INSERT(5)", "ROLLBACK"]],
  [
    "the next transaction commits again",
    [[0], [5, "5"], [1], [0], [4, null], [1]],
    ["BEGIN", "INSERT(5)", "ROLLBACK", "BEGIN", "UPDATE(null)", "COMMIT"],
  ],
  ["a rollback stays one", [[0], [4, "5"], [2]], ["BEGIN", "UPDATE(5)", "ROLLBACK"]],
];
test.each(cases)("replaying: %s", (_name, statements, wanted) => {
  expect(sent(statements)).toEqual(wanted);
});

test("a workload that names a text it does not have is refused", () => {
  expect(() => sent([[9]])).toThrow(/text 9/);
});

const recorded = JSON.parse(gunzipSync(readFileSync(`${definitionFolder()}/${workloadFile}`)).toString()) as Workload;

test("the recorded workload is whole: each text is used, each value has a type, transactions are bounded", () => {
  const used = new Set(recorded.statements.map(([text]) => text));
  expect(used.size).toBe(recorded.texts.length);
  let open = false;
  for (const [index, ...values] of recorded.statements) {
    const text = recorded.texts[index];
    expect(values.length).toBe(text?.types.length);
    if (text?.kind === "begin") expect(open).toBe(false);
    if (text?.kind === "begin") open = true;
    else if (text?.kind === "commit" || text?.kind === "rollback") open = false;
    else expect(open).toBe(true);
  }
  expect(open).toBe(false);
});
