import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openControl, type HostMessage, type OwnerMessage } from "../../../server/src/embedded/control.js";
import { Owners } from "../../../server/src/embedded/owners.js";

const cleanups: (() => void)[] = [];
afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer(onSocket);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanups.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

interface Host {
  port: number;
  owners: Owners;
  asked: OwnerMessage[];
  alone: Promise<void>;
}

async function host(times = { firstMs: 60_000, lastMs: 1 }): Promise<Host> {
  const asked: OwnerMessage[] = [];
  let whenAlone = (): void => undefined;
  const alone = new Promise<void>((resolve) => (whenAlone = resolve));
  const owners = new Owners(
    "secret",
    () => [{ type: "hello", pid: 42 }],
    (message) => asked.push(message),
    () => whenAlone(),
    times,
  );
  cleanups.push(() => owners.close());
  return { port: await listen((socket) => owners.accept(socket)), owners, asked, alone };
}

test("who knows the token is an owner; what it asks arrives, the rest is told", async () => {
  const { port, owners, asked } = await host();
  const connection = await openControl(port, "secret");
  if (typeof connection !== "object") throw new Error("not admitted");
  expect(connection.pid).toBe(42);
  const heard = new Promise<HostMessage>((resolve) => connection.listen(resolve, () => undefined));
  connection.send({ type: "cancel" });
  owners.broadcast({ type: "log", line: "hello" });
  expect(await heard).toEqual({ type: "log", line: "hello" });
  while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(asked).toEqual([{ type: "cancel" }]);
  connection.close();
});

test.each(["Secret", "", "secret2"])("the token %j is refused", async (token) => {
  const { port } = await host();
  expect(await openControl(port, token)).toBeUndefined();
});

test("nothing is done for who has not proved the token", async () => {
  const { port, asked } = await host();
  const socket = connect(port, "127.0.0.1");
  const closed = new Promise((resolve) => socket.on("close", resolve));
  socket.on("error", () => undefined);
  socket.write('{"type":"reset"}\n');
  await closed;
  expect(asked).toEqual([]);
});

test("the last one that leaves, by word or by death, leaves the host alone", async () => {
  const { port, alone } = await host();
  const [first, second] = [await openControl(port, "secret"), await openControl(port, "secret")];
  if (typeof first !== "object" || typeof second !== "object") throw new Error("not admitted");
  const left = new Promise<HostMessage>((resolve) => first.listen(resolve, () => undefined));
  first.send({ type: "leave" });
  expect(await left).toEqual({ type: "left", others: 1 });
  first.close();
  second.close();
  await alone;
});

test("a host that nobody comes to ends by itself", async () => {
  await (
    await host({ firstMs: 1, lastMs: 1 })
  ).alone;
});

test("a host that ends sends newcomers away", async () => {
  const { port, owners } = await host();
  owners.refuse();
  expect(await openControl(port, "secret")).toBeUndefined();
});

test("a port where nobody listens, one that is silent, and one that speaks otherwise are told apart", async () => {
  const silent = await listen((socket) => socket.on("error", () => undefined));
  const other = await listen((socket) => socket.end("HTTP/1.1 400 Bad Request\n\n"));
  expect(await openControl(silent, "secret", 50)).toBe("silent");
  expect(await openControl(other, "secret")).toBeUndefined();
  expect(await openControl(1, "secret")).toBeUndefined();
});
