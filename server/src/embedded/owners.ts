import { timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";
import { lineReader, write, type HostMessage, type OwnerMessage } from "./control.js";

/** How long the host waits for its first owner, and for one to come back. */
export interface OwnerTimes {
  readonly firstMs: number;
  readonly lastMs: number;
}

/**
 * The control connections: one per window or terminal that uses the host. The system closes them when an owner dies, however it dies;
 * with the last one `whenAlone` is called. A process that does not know the lock file's token is no owner.
 */
export class Owners {
  private readonly sockets = new Set<Socket>();
  private timer: NodeJS.Timeout;
  private ending = false;

  constructor(
    private readonly token: string,
    private readonly greeting: () => HostMessage[],
    private readonly onMessage: (message: OwnerMessage) => void,
    private readonly whenAlone: () => void,
    private readonly times: OwnerTimes = { firstMs: 20_000, lastMs: 250 },
  ) {
    this.timer = setTimeout(() => this.alone(), times.firstMs);
  }

  accept(socket: Socket): void {
    const destroy = (): void => void socket.destroy();
    socket.on(
      "data",
      lineReader<OwnerMessage>((message) => this.receive(socket, message), destroy),
    );
    socket.on("error", destroy);
    socket.on("close", () => this.remove(socket));
  }

  broadcast(message: HostMessage): void {
    for (const socket of this.sockets) write(socket, message);
  }

  /** Whoever comes from now on is sent away: it starts a host of its own as soon as this one has ended. */
  refuse(): void {
    this.ending = true;
    clearTimeout(this.timer);
  }

  close(): void {
    this.refuse();
    for (const socket of this.sockets) socket.destroy();
  }

  private alone(): void {
    this.refuse();
    this.whenAlone();
  }

  private receive(socket: Socket, message: OwnerMessage): void {
    if (message.type === "hello") this.admit(socket, message.token);
    else if (!this.sockets.has(socket)) socket.destroy();
    else if (message.type === "leave") write(socket, { type: "left", others: this.sockets.size - 1 });
    else this.onMessage(message);
  }

  private admit(socket: Socket, token: string): void {
    const given = Buffer.from(String(token));
    const wanted = Buffer.from(this.token);
    if (this.ending || given.length !== wanted.length || !timingSafeEqual(given, wanted)) return void socket.destroy();
    clearTimeout(this.timer);
    this.sockets.add(socket);
    for (const message of this.greeting()) write(socket, message);
  }

  private remove(socket: Socket): void {
    if (!this.sockets.delete(socket) || this.sockets.size > 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.alone(), this.times.lastMs);
  }
}
