import { randomInt } from "node:crypto";
import type { Socket } from "node:net";
import type { FromBackend, ToBackend } from "./backendMessages.js";
import { fatal, PacketReader, ProtocolViolation, welcome, type Packet } from "./framing.js";

/**
 * Lets many clients use one backend. Each has it whole, from its first statement to its end: settings, prepared statements and
 * transactions of two clients never meet. (PGlite's own socket server lets them meet: it queues single messages.) A client that is idle
 * while others wait loses its connection, as with `idle_session_timeout`; one that waits too long is refused.
 */
export interface GateTimes {
  /** An idle client keeps the backend this long when another one waits. */
  readonly idleMs: number;
  /** The same inside a transaction. */
  readonly idleInTransactionMs: number;
  /** A client waits this long for its turn. */
  readonly waitMs: number;
}

export const defaultTimes: GateTimes = { idleMs: 3_000, idleInTransactionMs: 30_000, waitMs: 60_000 };

interface Client {
  readonly id: number;
  readonly socket: Socket;
  readonly reader: PacketReader;
  readonly key: { processId: number; secret: number };
  /** From the startup packet; absent before it. */
  opening?: { parameters: ReadonlyMap<string, string>; minor: number };
  greeted: boolean;
  /** Complete messages that were not sent to the backend yet. */
  queue: Buffer[];
  queuedSince: number;
  /** Between statements: the last message asked for a "ready". */
  atBoundary: boolean;
}

export interface GateBackend {
  post(message: ToBackend): void;
  /** Ends whatever runs, with the backend; a new one reports itself with `ready`. */
  restart(): void;
}

const endsStatement = new Set(["Q", "S", "F"]);
const tick = 100;

export class Gate {
  private readonly clients = new Map<number, Client>();
  private waiting: Client[] = [];
  private holder: Client | undefined;
  /** The backend works on a message of the holder's session. */
  private busy = false;
  private inTransaction = false;
  private idleSince = 0;
  private nextId = 1;
  private serverParameters: ReadonlyMap<string, string> | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly backend: GateBackend,
    private readonly times: GateTimes = defaultTimes,
  ) {
    this.timer = setInterval(() => this.enforceTimes(Date.now()), tick);
    this.timer.unref();
  }

  accept(socket: Socket): void {
    const id = this.nextId++;
    const key = { processId: 100_000 + id, secret: randomInt(1, 2 ** 31 - 1) };
    const client: Client = { id, socket, reader: new PacketReader(), key, greeted: false, queue: [], queuedSince: 0, atBoundary: true };
    this.clients.set(id, client);
    socket.setNoDelay(true);
    socket.on("data", (chunk) => this.receive(client, chunk));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.left(client));
  }

  /** The backend is there: clients that wait are served. */
  ready(parameters: ReadonlyMap<string, string>): void {
    this.serverParameters = parameters;
    for (const client of this.clients.values()) this.greet(client);
    this.advance();
  }

  /** The backend is gone, with it the holder's session; who only waits keeps waiting. */
  lost(code: string, message: string, hint?: string): void {
    const { holder } = this;
    this.holder = undefined;
    this.busy = false;
    this.serverParameters = undefined;
    if (holder) this.dismiss(holder, code, message, hint);
  }

  handle(message: FromBackend): void {
    if (!("session" in message) || message.session !== this.holder?.id) return;
    const { holder } = this;
    switch (message.type) {
      case "data":
        if (holder.socket.writable) holder.socket.write(message.bytes);
        return;
      case "begun":
        this.busy = false;
        if (message.error) {
          this.dismiss(holder, message.error.code, message.error.message);
          return this.release();
        }
        return this.clients.has(holder.id) ? this.advance() : this.release();
      case "idle":
        this.busy = false;
        this.inTransaction = message.inTransaction;
        this.idleSince = Date.now();
        return this.clients.has(holder.id) ? this.advance() : this.release();
      case "ended":
        this.busy = false;
        this.holder = undefined;
        return this.advance();
    }
  }

  close(): void {
    clearInterval(this.timer);
    for (const client of [...this.clients.values()]) this.dismiss(client, "57P01", "The sample database is shutting down.");
  }

  private receive(client: Client, chunk: Buffer): void {
    try {
      for (const packet of client.reader.read(chunk)) this.packet(client, packet);
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.dismiss(client, "08P01", `The sample database does not understand this client: ${error.message}.`);
    }
  }

  private packet(client: Client, packet: Packet): void {
    switch (packet.kind) {
      case "encryption":
        client.socket.write("N");
        return;
      case "cancel":
        this.cancel(packet);
        client.socket.destroy();
        return;
      case "startup":
        client.opening = packet;
        this.greet(client);
        return;
      case "message":
        if (packet.type === "X") client.socket.end();
        else this.enqueue(client, packet);
    }
  }

  /** Clients are greeted without the backend: connecting does not wait for others. */
  private greet(client: Client): void {
    const { opening } = client;
    if (!opening || !this.serverParameters || client.greeted) return;
    const known = new Map(this.serverParameters);
    for (const name of ["application_name", "client_encoding", "DateStyle", "TimeZone"]) {
      const value = opening.parameters.get(name);
      if (value !== undefined) known.set(name, value);
    }
    client.greeted = true;
    client.socket.write(welcome(known, client.key, opening.minor));
  }

  private enqueue(client: Client, { type, bytes }: Extract<Packet, { kind: "message" }>): void {
    if (client.queue.length === 0) client.queuedSince = Date.now();
    client.queue.push(bytes);
    client.atBoundary = endsStatement.has(type);
    if (client !== this.holder && !this.waiting.includes(client)) this.waiting.push(client);
    this.advance();
  }

  private cancel(packet: Extract<Packet, { kind: "cancel" }>): void {
    const target = this.holder;
    if (!target || !this.busy || target.key.processId !== packet.processId || target.key.secret !== packet.secret) return;
    this.backend.restart();
  }

  private advance(): void {
    if (this.busy || !this.serverParameters) return;
    if (!this.holder) {
      this.holder = this.waiting.shift();
      if (!this.holder) return;
      this.inTransaction = false;
      this.busy = true;
      this.idleSince = Date.now();
      return this.backend.post({ type: "begin", session: this.holder.id, parameters: this.holder.opening?.parameters ?? new Map() });
    }
    if (this.holder.queue.length === 0) return;
    const bytes = new Uint8Array(Buffer.concat(this.holder.queue));
    this.holder.queue = [];
    this.busy = true;
    this.backend.post({ type: "run", session: this.holder.id, bytes });
  }

  /** The holder is done or gone; what its session left in the backend is cleared before the next one begins. */
  private release(): void {
    if (!this.holder || this.busy) return;
    this.busy = true;
    this.backend.post({ type: "end", session: this.holder.id });
  }

  private left(client: Client): void {
    this.clients.delete(client.id);
    this.waiting = this.waiting.filter((other) => other !== client);
    if (client === this.holder) this.release();
  }

  private dismiss(client: Client, code: string, message: string, hint?: string): void {
    if (client.socket.writable) client.socket.end(fatal(code, message, hint));
    // A client that does not read is not waited for.
    setTimeout(() => client.socket.destroy(), 1_000).unref();
  }

  private enforceTimes(now: number): void {
    const { holder, times } = this;
    if (this.waiting.length === 0) return;
    if (holder && !this.busy && holder.queue.length === 0) {
      const open = this.inTransaction || !holder.atBoundary;
      if (now - this.idleSince > (open ? times.idleInTransactionMs : times.idleMs)) {
        if (open) this.dismiss(holder, "25P03", "The sample database ended this session: idle in a transaction while others wait.");
        else this.dismiss(holder, "57P05", "The sample database ended this session: idle while others wait for its only backend.");
        return;
      }
    }
    for (const client of this.waiting) {
      if (now - client.queuedSince <= times.waitMs) continue;
      this.waiting = this.waiting.filter((other) => other !== client);
      const seconds = Math.round(times.waitMs / 1000);
      this.dismiss(
        client,
        "53300",
        `The sample database has been busy with another client for ${seconds} s.`,
        "It has one backend only: stop the other statement, or try again later.",
      );
    }
  }
}
