/** PostgreSQL's wire format, as far as a server that hands messages on has to know it: where a message ends, and what opens a connection. */

export type Packet =
  | { readonly kind: "startup"; readonly minor: number; readonly parameters: ReadonlyMap<string, string> }
  /** A request for TLS or GSS encryption, answered with one byte. */
  | { readonly kind: "encryption" }
  | { readonly kind: "cancel"; readonly processId: number; readonly secret: number }
  | { readonly kind: "message"; readonly type: string; readonly bytes: Buffer };

const codes = { cancel: 80877102, ssl: 80877103, gss: 80877104 };
const longestOpening = 10_000;
const longestMessage = 256 * 1024 * 1024;

export class ProtocolViolation extends Error {}

/** Cuts a client's stream into packets. Throws `ProtocolViolation` when it is no PostgreSQL client. */
export class PacketReader {
  private rest: Buffer = Buffer.alloc(0);
  private opened = false;

  *read(chunk: Buffer): Generator<Packet> {
    this.rest = this.rest.length ? Buffer.concat([this.rest, chunk]) : chunk;
    for (let packet = this.next(); packet; packet = this.next()) yield packet;
  }

  private next(): Packet | undefined {
    return this.opened ? this.message() : this.opening();
  }

  private message(): Packet | undefined {
    if (this.rest.length < 5) return undefined;
    const length = this.rest.readInt32BE(1);
    if (length < 4 || length > longestMessage) throw new ProtocolViolation(`invalid message length ${length}`);
    const bytes = this.take(1 + length);
    return bytes && { kind: "message", type: String.fromCharCode(bytes[0] ?? 0), bytes };
  }

  private opening(): Packet | undefined {
    if (this.rest.length < 8) return undefined;
    const length = this.rest.readInt32BE(0);
    if (length < 8 || length > longestOpening) throw new ProtocolViolation("not a PostgreSQL client");
    const bytes = this.take(length);
    if (!bytes) return undefined;
    const code = bytes.readInt32BE(4);
    if (code === codes.ssl || code === codes.gss) return { kind: "encryption" };
    if (code === codes.cancel && length >= 16) return { kind: "cancel", processId: bytes.readInt32BE(8), secret: bytes.readInt32BE(12) };
    if (code >>> 16 !== 3) throw new ProtocolViolation(`unsupported protocol ${code >>> 16}.${code & 0xffff}`);
    this.opened = true;
    return { kind: "startup", minor: code & 0xffff, parameters: pairs(bytes.subarray(8)) };
  }

  private take(length: number): Buffer | undefined {
    if (this.rest.length < length) return undefined;
    const bytes = this.rest.subarray(0, length);
    this.rest = this.rest.subarray(length);
    return bytes;
  }
}

function pairs(bytes: Buffer): ReadonlyMap<string, string> {
  const words = bytes.toString("utf8").split("\0");
  const found = new Map<string, string>();
  for (let i = 0; i + 1 < words.length && words[i]; i += 2) found.set(words[i]!, words[i + 1]!);
  return found;
}

function frame(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function int32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeInt32BE(value, 4 * i));
  return bytes;
}

function strings(...values: string[]): Buffer {
  return Buffer.from(values.map((value) => `${value}\0`).join(""), "utf8");
}

/** What a server says after a startup packet, up to and with its first "ready". */
export function welcome(parameters: ReadonlyMap<string, string>, key: { processId: number; secret: number }, minor: number): Buffer {
  const negotiate = minor > 0 ? [frame("v", int32(0, 0))] : [];
  const status = [...parameters].map(([name, value]) => frame("S", strings(name, value)));
  return Buffer.concat([
    ...negotiate,
    frame("R", int32(0)),
    ...status,
    frame("K", int32(key.processId, key.secret)),
    frame("Z", Buffer.from("I")),
  ]);
}

/** The last thing said to a client before its connection is closed. */
export function fatal(code: string, message: string, hint?: string): Buffer {
  const fields = ["SFATAL", "VFATAL", `C${code}`, `M${message}`, ...(hint ? [`H${hint}`] : [])];
  return frame("E", strings(...fields), Buffer.from([0]));
}

export function query(sql: string): Buffer {
  return frame("Q", strings(sql));
}

/** Parse, bind, execute and sync of one statement with values as text, as a driver sends it. */
export function extendedQuery(sql: string, types: readonly number[], values: readonly (string | null)[]): Buffer {
  const parts = values.map((value) => (value === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)])));
  return Buffer.concat([
    frame("P", strings("", sql), int16(types.length), int32(...types)),
    frame("B", strings("", ""), int16(0), int16(values.length), ...parts, int16(0)),
    frame("E", strings(""), int32(0)),
    sync(),
  ]);
}

export function sync(): Buffer {
  return frame("S");
}

export function startup(parameters: Readonly<Record<string, string>>): Buffer {
  const body = Buffer.concat([int32(3 << 16), strings(...Object.entries(parameters).flat()), Buffer.from([0])]);
  return Buffer.concat([int32(body.length + 4), body]);
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** Messages of a server's answer: type and body. */
export function* answers(bytes: Uint8Array): Generator<{ type: string; body: Buffer }> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 5 <= buffer.length;) {
    const end = at + 1 + buffer.readInt32BE(at + 1);
    yield { type: String.fromCharCode(buffer[at] ?? 0), body: buffer.subarray(at + 5, end) };
    at = end;
  }
}

/** Message and SQLSTATE of the first error in a server's answer. */
export function firstError(bytes: Uint8Array): { code: string; message: string } | undefined {
  for (const { type, body } of answers(bytes)) {
    if (type !== "E") continue;
    const fields = new Map(
      body
        .toString("utf8")
        .split("\0")
        .map((field) => [field[0], field.slice(1)]),
    );
    return { code: fields.get("C") ?? "XX000", message: fields.get("M") ?? "unknown error" };
  }
  return undefined;
}

/** Parameter values that a server announced in its answer to a startup packet. */
export function parameterStatus(bytes: Uint8Array): Map<string, string> {
  const found = new Map<string, string>();
  for (const { type, body } of answers(bytes)) {
    const [name, value] = body.toString("utf8").split("\0");
    if (type === "S" && name) found.set(name, value ?? "");
  }
  return found;
}
