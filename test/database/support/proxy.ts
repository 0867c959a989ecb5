import { connect, type Socket } from "node:net";
import { fake } from "./fakes.js";

/** What happens to the connection once the marked statement has been sent. */
export type Fault =
  | "swallow the statement"
  | "cut before the answer"
  | "cut in the answer"
  | "half a message, then silence"
  | "half a message, then a reset"
  | "drip"
  | "rubbish"
  | "cut after the answer";

/** A way to a server that can be made to fail. Statements that do not hold `mark` pass as they are. */
export interface Proxy {
  readonly port: number;
  fault: Fault | undefined;
  /** Connections that were made, those for cancel requests among them. */
  readonly connections: number;
  close(): Promise<void>;
}

export async function startProxy(to: number, mark: string): Promise<Proxy> {
  const state: { fault: Fault | undefined; connections: number } = { fault: undefined, connections: 0 };
  const servers = new Set<Socket>();
  const listener = await fake((client) => {
    state.connections++;
    const server = connect(to, "127.0.0.1");
    servers.add(server);
    server.on("error", () => client.destroy());
    server.on("close", () => {
      servers.delete(server);
      client.destroy();
    });
    client.on("close", () => server.destroy());
    let failing: Fault | undefined;
    client.on("data", (chunk) => {
      if (chunk.includes(mark)) failing = state.fault;
      if (failing !== "swallow the statement") server.write(chunk);
    });
    server.on("data", (chunk) => (failing ? answers[failing](client, chunk) : client.write(chunk)));
  });
  return {
    port: listener.port,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    get connections() {
      return state.connections;
    },
    close: async () => {
      for (const server of servers) server.destroy();
      await listener.close();
    },
  };
}

const dripMs = 200;

/** What becomes of the server's answer on its way. */
const answers: Readonly<Record<Fault, (client: Socket, chunk: Buffer) => void>> = {
  "swallow the statement": () => undefined,
  "cut before the answer": (client) => client.destroy(),
  "cut in the answer": (client, chunk) => client.end(chunk.subarray(0, Math.floor(chunk.length / 2))),
  "half a message, then silence": (client, chunk) => {
    if (client.listenerCount("half") > 0) return;
    client.on("half", () => undefined);
    client.write(chunk.subarray(0, 7));
  },
  "half a message, then a reset": (client, chunk) => {
    client.write(chunk.subarray(0, 7), () => client.resetAndDestroy());
  },
  // A byte now and then: there is always something arriving, and never an answer.
  drip: (client, chunk) => {
    let at = 0;
    const timer = setInterval(() => {
      if (client.destroyed || at >= chunk.length) return clearInterval(timer);
      client.write(chunk.subarray(at, ++at));
    }, dripMs);
  },
  rubbish: (client) => client.write(Buffer.from("HTTP/1.1 502 Bad Gateway\r\n\r\n")),
  "cut after the answer": (client, chunk) => client.end(chunk),
};
