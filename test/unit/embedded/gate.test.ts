import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ToBackend } from "../../../server/src/embedded/backendMessages.js";
import { answers, query, startup } from "../../../server/src/embedded/framing.js";
import { Gate } from "../../../server/src/embedded/gate.js";

/** A client's socket as the gate sees it: what was written to it can be read, and it can be made to send. */
class FakeSocket extends EventEmitter {
  writable = true;
  private written: Buffer[] = [];
  setNoDelay(): void {}
  write(bytes: Uint8Array | string): boolean {
    this.written.push(Buffer.from(bytes as Uint8Array));
    return true;
  }
  end(bytes?: Uint8Array): void {
    if (bytes) this.write(bytes);
    this.destroy();
  }
  destroy(): void {
    if (!this.writable) return;
    this.writable = false;
    this.emit("close");
  }
  /** SQLSTATE of the error that it was sent away with. */
  get dismissal(): string | undefined {
    const error = [...answers(Buffer.concat(this.written))].find(({ type }) => type === "E");
    return error && /\0C(\w{5})\0/.exec(error.body.toString())?.[1];
  }
  get types(): string {
    return [...answers(Buffer.concat(this.written))].map(({ type }) => type).join("");
  }
}

const times = { idleMs: 1_000, idleInTransactionMs: 5_000, waitMs: 10_000 };
let posted: ToBackend[] = [];
let restarts = 0;
let gate: Gate;

beforeEach(() => {
  vi.useFakeTimers();
  posted = [];
  restarts = 0;
  gate = new Gate({ post: (message) => posted.push(message), restart: () => restarts++ }, times);
  gate.ready(new Map([["server_version", "18.6"]]));
});
afterEach(() => {
  gate.close();
  vi.useRealTimers();
});

function client(parameters: Record<string, string> = { user: "postgres" }): FakeSocket {
  const socket = new FakeSocket();
  gate.accept(socket as unknown as Socket);
  socket.emit("data", startup(parameters));
  return socket;
}
const say = (socket: FakeSocket, sql: string): boolean => socket.emit("data", query(sql));
const session = (): number => (posted.findLast((message) => "session" in message) as { session: number }).session;
const kinds = (): string[] => posted.map((message) => ("session" in message ? `${message.type} ${message.session}` : message.type));
const begun = (): void => gate.handle({ type: "begun", session: session() });
const idle = (inTransaction = false): void => gate.handle({ type: "idle", session: session(), inTransaction });
const ended = (): void => gate.handle({ type: "ended", session: session() });

test("connecting does not take the backend, the first statement does", () => {
  const first = client();
  expect(first.types).toBe("RSKZ");
  expect(posted).toEqual([]);
  say(first, "SELECT 1");
  expect(kinds()).toEqual(["begin 1"]);
  begun();
  expect(kinds()).toEqual(["begin 1", "run 1"]);
});

test("a second client waits until the first has gone and its session is cleared", () => {
  const [first, second] = [client(), client()];
  say(first, "BEGIN");
  say(second, "SELECT 2");
  begun();
  idle(true);
  expect(kinds()).toEqual(["begin 1", "run 1"]);
  first.destroy();
  expect(kinds()).toEqual(["begin 1", "run 1", "end 1"]);
  ended();
  begun();
  expect(kinds()).toEqual(["begin 1", "run 1", "end 1", "begin 2", "run 2"]);
});

test.each([
  ["while its session begins", () => undefined],
  ["while its statement runs", () => begun()],
])("a client that goes away %s does not keep the backend", (_name, before) => {
  const [first, second] = [client(), client()];
  say(first, "SELECT 1");
  say(second, "SELECT 2");
  before();
  first.destroy();
  if (kinds().includes("run 1")) idle();
  else begun();
  expect(kinds().at(-1)).toBe("end 1");
  ended();
  expect(kinds().at(-1)).toBe("begin 2");
});

test.each([
  [false, 1_200, "57P05"],
  [true, 1_200, undefined],
  [true, 5_200, "25P03"],
])("a client that is idle (in a transaction: %s) for %i ms while another waits", (inTransaction, ms, wanted) => {
  const [first, second] = [client(), client()];
  say(first, "SELECT 1");
  begun();
  idle(inTransaction);
  say(second, "SELECT 2");
  vi.advanceTimersByTime(ms);
  expect(first.dismissal).toBe(wanted);
  expect(kinds().at(-1)).toBe(wanted ? "end 1" : "run 1");
});

test("an idle client is left alone when nobody waits", () => {
  const first = client();
  say(first, "SELECT 1");
  begun();
  idle();
  vi.advanceTimersByTime(3_600_000);
  expect(first.dismissal).toBeUndefined();
});

test("waiting is bounded: who waits behind a long statement is refused, not hung", () => {
  const [first, second] = [client(), client()];
  say(first, "SELECT pg_sleep(1000)");
  begun();
  say(second, "SELECT 2");
  vi.advanceTimersByTime(9_000);
  expect(second.dismissal).toBeUndefined();
  vi.advanceTimersByTime(1_200);
  expect(second.dismissal).toBe("53300");
  expect(first.dismissal).toBeUndefined();
});

test("only the key of the running session cancels, and only while something runs", () => {
  const first = client();
  const request = (processId: number, secret: number): void => {
    const bytes = Buffer.alloc(16);
    [16, 80877102, processId, secret].forEach((value, i) => bytes.writeInt32BE(value, 4 * i));
    const socket = new FakeSocket();
    gate.accept(socket as unknown as Socket);
    socket.emit("data", bytes);
  };
  const key = [...answers(Buffer.concat((first as unknown as { written: Buffer[] }).written))].find(({ type }) => type === "K")?.body;
  const [processId, secret] = [key?.readInt32BE(0) ?? 0, key?.readInt32BE(4) ?? 0];
  request(processId, secret);
  expect(restarts).toBe(0);
  say(first, "SELECT 1");
  begun();
  request(processId, secret + 1);
  expect(restarts).toBe(0);
  request(processId, secret);
  expect(restarts).toBe(1);
});

test("when the backend is lost its client is told, and who waits is served by the next one", () => {
  const [first, second] = [client(), client()];
  say(first, "SELECT 1");
  begun();
  say(second, "SELECT 2");
  gate.lost("57014", "canceled");
  expect(first.dismissal).toBe("57014");
  expect(second.dismissal).toBeUndefined();
  gate.handle({ type: "data", session: 1, bytes: new Uint8Array([1]) });
  gate.handle({ type: "idle", session: 1, inTransaction: false });
  const late = client();
  expect(late.types).toBe("");
  gate.ready(new Map());
  expect(late.types).toBe("RKZ");
  expect(kinds().at(-1)).toBe("begin 2");
});

test("a setting that the server refuses ends that client's connection only", () => {
  const [first, second] = [client({ user: "postgres", options: "-c nonsense=1" }), client()];
  say(first, "SELECT 1");
  say(second, "SELECT 2");
  gate.handle({ type: "begun", session: session(), error: { code: "42704", message: "unrecognized configuration parameter" } });
  expect(first.dismissal).toBe("42704");
  ended();
  expect(kinds().at(-1)).toBe("begin 2");
});

test("a client that speaks something else is sent away", () => {
  const socket = new FakeSocket();
  gate.accept(socket as unknown as Socket);
  socket.emit("data", Buffer.from("GET / HTTP/1.1\r\n\r\n"));
  expect(socket.dismissal).toBe("08P01");
});
