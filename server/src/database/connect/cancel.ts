import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { TlsAttempt } from "./tls.js";

export interface CancelKey {
  readonly host: string;
  readonly port: number;
  readonly processId: number;
  readonly secretKey: number;
  readonly tls: TlsAttempt;
}

const cancelCode = 80877102;
const tlsCode = 80877103;

/**
 * PostgreSQL's cancel request over a second connection, encrypted when the first one is. Needs no password. Resolves when the server
 * has closed it, which says nothing about whether the statement ended.
 */
export function requestCancel(key: CancelKey, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = key.host.startsWith("/") ? connect(`${key.host}/.s.PGSQL.${key.port}`) : connect(key.port, key.host);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(new Error("the cancel request was not answered")));
    socket.once("error", fail);
    socket.once("close", () => resolve());
    socket.once("connect", () => (key.tls === false ? send(socket, key) : upgrade(socket, key, key.tls, fail)));
  });
}

function upgrade(socket: Socket, key: CancelKey, tls: Exclude<TlsAttempt, false>, fail: (error: Error) => void): void {
  socket.once("data", (answer) => {
    if (answer[0] !== 0x53) return send(socket, key);
    const secure = connectTls({ ...tls, socket, host: key.host }, () => send(secure, key));
    secure.once("error", fail);
  });
  socket.write(words(8, tlsCode));
}

/** The server hangs up when it is done. Whoever hangs up first takes the request back: poolers that have not passed it on drop it. */
function send(socket: Socket, key: CancelKey): void {
  socket.resume();
  socket.write(words(16, cancelCode, key.processId, key.secretKey));
}

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, at) => buffer.writeInt32BE(value | 0, at * 4));
  return buffer;
}
