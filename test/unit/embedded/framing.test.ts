import fc from "fast-check";
import { expect, test } from "vitest";
import {
  extendedQuery,
  fatal,
  firstError,
  PacketReader,
  parameterStatus,
  ProtocolViolation,
  query,
  startup,
  welcome,
} from "../../../server/src/embedded/framing.js";
import { optionSettings, settingStatements } from "../../../server/src/embedded/settings.js";

function packets(bytes: Buffer, cuts: readonly number[] = []): string[] {
  const reader = new PacketReader();
  const found: string[] = [];
  const edges = [0, ...[...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < edges.length; i++) {
    for (const packet of reader.read(bytes.subarray(edges[i - 1], edges[i]))) {
      found.push(packet.kind === "message" ? packet.type + packet.bytes.length : packet.kind);
    }
  }
  return found;
}

const encryption = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const conversation = Buffer.concat([
  encryption,
  startup({ user: "postgres", database: "postgres", options: "-c work_mem=1MB" }),
  query("SELECT 1"),
  extendedQuery("SELECT $1, $2", [23, 0], ["5", null]),
  query("ROLLBACK"),
]);

test("a stream is cut into the same packets wherever the network cuts it", () => {
  const whole = packets(conversation);
  expect(whole.map((packet) => packet.replace(/\d+$/, ""))).toEqual(["encryption", "startup", "Q", "P", "B", "E", "S", "Q"]);
  fc.assert(fc.property(fc.array(fc.nat(), { maxLength: 12 }), (cuts) => void expect(packets(conversation, cuts)).toEqual(whole)));
});

test("a cancel request carries the key of the session", () => {
  const bytes = Buffer.alloc(16);
  [16, 80877102, 100_001, 42].forEach((value, i) => bytes.writeInt32BE(value, 4 * i));
  expect([...new PacketReader().read(bytes)]).toEqual([{ kind: "cancel", processId: 100_001, secret: 42 }]);
});

const opened = startup({ user: "a" });
test.each([
  ["a web browser", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")],
  ["protocol 2", Buffer.from([0, 0, 0, 8, 0, 2, 0, 0])],
  ["a length of nothing", Buffer.concat([opened, Buffer.from([81, 0, 0, 0, 0])])],
  ["a negative length", Buffer.concat([opened, Buffer.from([81, 255, 255, 255, 255])])],
  ["two gigabytes", Buffer.concat([opened, Buffer.from([81, 127, 255, 255, 255])])],
])("no PostgreSQL client: %s", (_name, bytes) => {
  expect(() => packets(bytes)).toThrow(ProtocolViolation);
});

test("what a server says is read back", () => {
  const greeting = welcome(new Map([["server_version", "18.6"]]), { processId: 1, secret: 2 }, 2);
  expect(parameterStatus(greeting)).toEqual(new Map([["server_version", "18.6"]]));
  expect(firstError(greeting)).toBeUndefined();
  expect(firstError(Buffer.concat([greeting, fatal("57014", "stopped", "why")]))).toEqual({ code: "57014", message: "stopped" });
});

const options: [string, [string, string][]][] = [
  ["", []],
  ["-c work_mem=1MB", [["work_mem", "1MB"]]],
  [
    "-cwork_mem=1MB  --statement-timeout=5",
    [
      ["work_mem", "1MB"],
      ["statement_timeout", "5"],
    ],
  ],
  ["-c search_path=a,\\ b", [["search_path", "a, b"]]],
  ["-c novalue -x --", []],
];
test.each(options)("settings in the options parameter: %j", (text, wanted) => {
  expect(optionSettings(text)).toEqual(wanted);
});

test("a startup parameter becomes a setting, quoted; identity does not", () => {
  const parameters = new Map([
    ["user", "a"],
    ["database", "b"],
    ["application_name", "it's \\ a"],
    ["_pq_.x", "1"],
    ["options", "-c jit=off"],
  ]);
  expect(settingStatements(parameters)).toEqual([
    "SELECT pg_catalog.set_config('application_name', E'it''s \\\\ a', false)",
    "SELECT pg_catalog.set_config('jit', 'off', false)",
  ]);
});
