import { connect, type Socket } from "node:net";

/** A host that lost the race for the lock ends with this code; its owner joins the winner. */
export const lockedExitCode = 11;

/** What an owner asks of the host process, one JSON object per line on its control connection. */
export type OwnerMessage = { type: "hello"; token: string } | { type: "cancel" } | { type: "reset" } | { type: "leave" };

/** What the host tells each owner. `hello` answers the token; `state` is sent at once and whenever it changes. */
export type HostMessage =
  | { type: "hello"; pid: number }
  | { type: "progress"; message: string; share?: number }
  | { type: "log"; line: string }
  /** The answer to \`leave\`: whether other owners keep the host running. */
  | { type: "left"; others: number }
  | { type: "state"; state: HostState };

/** `generation` counts the backends that were started: cancelling and resetting raise it at once, so that an owner knows what to wait for. */
export type HostState = { generation: number } & (
  { kind: "preparing" } | { kind: "ready"; port: number; rows: number } | { kind: "failed"; message: string }
);

/** Splits a stream into JSON lines; text that is no JSON ends the connection by way of `onBroken`. */
export function lineReader<T>(onMessage: (message: T) => void, onBroken: () => void): (chunk: Buffer) => void {
  let rest = "";
  return (chunk) => {
    rest += chunk.toString("utf8");
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > 1_000_000) return onBroken();
    for (const line of lines) {
      let message: T;
      try {
        message = JSON.parse(line) as T;
      } catch {
        return onBroken();
      }
      onMessage(message);
    }
  };
}

/** An owner's end. As long as it is open the host keeps running. */
export interface ControlConnection {
  readonly pid: number;
  send(message: OwnerMessage): void;
  /** The listener also gets what arrived before it was set. */
  listen(onMessage: (message: HostMessage) => void, onClose: () => void): void;
  close(): void;
}

/**
 * Connects to a host's control port and proves with the token that it is the one of the lock file.
 * Resolves to undefined when nobody listens there or a stranger answers; "silent" when the port accepts but says nothing in time.
 */
export function openControl(port: number, token: string, timeoutMs = 5000): Promise<ControlConnection | "silent" | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    const inbox: HostMessage[] = [];
    let onMessage: (message: HostMessage) => void = (message) => inbox.push(message);
    let onClose: (() => void) | undefined;
    let closed = false;
    const give = (result: ControlConnection | "silent" | undefined): void => {
      clearTimeout(timer);
      if (typeof result !== "object") socket.destroy();
      resolve(result);
    };
    const timer = setTimeout(() => give("silent"), timeoutMs);
    socket.on("connect", () => write(socket, { type: "hello", token } satisfies OwnerMessage));
    socket.on("error", () => give(undefined));
    socket.on("close", () => {
      closed = true;
      give(undefined);
      onClose?.();
    });
    const connection = (pid: number): ControlConnection => ({
      pid,
      send: (message) => write(socket, message),
      listen: (message, close) => {
        onMessage = message;
        onClose = close;
        for (const earlier of inbox.splice(0)) message(earlier);
        if (closed) close();
      },
      close: () => socket.end(),
    });
    const read = lineReader<HostMessage>(
      (message) => (message.type === "hello" ? give(connection(message.pid)) : onMessage(message)),
      () => socket.destroy(),
    );
    socket.on("data", read);
  });
}

export function write(socket: Socket, message: OwnerMessage | HostMessage): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}
