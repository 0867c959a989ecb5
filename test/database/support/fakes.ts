import { createServer, type Server, type Socket } from "node:net";
import { once } from "node:events";

/** Something that listens and is not a healthy PostgreSQL. */
export interface Fake {
  readonly port: number;
  close(): Promise<void>;
}

export async function fake(onConnection: (socket: Socket) => void): Promise<Fake> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    onConnection(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

export const silent = () => fake(() => undefined);
export const slammed = () => fake((socket) => socket.destroy());
export const web = () => fake((socket) => socket.on("data", () => socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")));
export const ssh = () => fake((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function text(...words: string[]): Buffer {
  return Buffer.from(words.map((word) => `${word}\0`).join(""));
}

const ready = message("Z", Buffer.from("I"));

/** Refuses everybody with this error. */
export const refusing = (state: string, words: string) =>
  answering(() => message("E", Buffer.concat([text("SFATAL", "VFATAL", `C${state}`, `M${words}`), Buffer.from([0])])));

/** Lets everybody in and gives this one row to every query. */
export const telling = (names: readonly string[], values: readonly string[]) => {
  const fields = names.map((name) =>
    Buffer.concat([text(name), Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 25, 255, 255, 255, 255, 255, 255, 0, 0])]),
  );
  const cells = values.map((value) => Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]));
  const answer = Buffer.concat([
    message("1", Buffer.alloc(0)),
    message("2", Buffer.alloc(0)),
    message("T", Buffer.concat([int16(names.length), ...fields])),
    message("D", Buffer.concat([int16(values.length), ...cells])),
    message("C", text("SELECT 1")),
    ready,
  ]);
  return answering((first) => (first ? Buffer.concat([message("R", int32(0)), message("K", Buffer.alloc(8)), ready]) : answer));
};

/** Says no to TLS, then answers the start message and every Sync. */
function answering(answer: (first: boolean) => Buffer): Promise<Fake> {
  return fake((socket) => {
    let started = false;
    socket.on("data", (chunk) => {
      if (!started && chunk.length === 8) return void socket.write("N");
      const first = !started;
      started = true;
      if (first || chunk.includes("S\0\0\0\u0004", 0, "latin1")) socket.write(answer(first));
    });
  });
}

function int32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
}

function int16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeInt16BE(value);
  return buffer;
}
