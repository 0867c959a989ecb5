import { createHash } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from "node:fs";
import { ioReason } from "./warning.js";

export interface FileText {
  readonly text: string;
  readonly hash: string;
  readonly encoding: string;
  /** A byte order mark stood before the text; offsets count without it, as editors do. */
  readonly bom: boolean;
}

export interface FileStamp {
  readonly mtimeMs: number;
  readonly size: number;
}

export type ReadResult = { readonly ok: FileText; readonly stamp: FileStamp } | { readonly warning: string; readonly stamp?: FileStamp };

/** Hand-written files are smaller by a factor of ten; what is larger was generated and costs more than it can tell. */
export const largestFile = 5 * 1024 * 1024;

/** Reads a project's file, or says in one sentence why it was left out. Never throws. */
export function readProjectFile(path: string): ReadResult {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK (absent on Windows) opening a pipe waits for somebody to write into it.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(descriptor);
    const stamp = { mtimeMs: stats.mtimeMs, size: stats.size };
    if (!stats.isFile()) return { warning: "This file was left out: it is no regular file.", stamp };
    if (stats.size > largestFile) return { warning: tooLarge(stats.size), stamp };
    return { ...decode(readAll(descriptor, stats.size)), stamp };
  } catch (error) {
    return { warning: `This file was left out: ${ioReason(error)}.` };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Whether the file may hold something else than when it had this stamp. */
export function hasChanged(path: string, stamp: FileStamp | undefined): boolean {
  if (!stamp) return true;
  const now = statSync(path, { throwIfNoEntry: false });
  return !now || now.mtimeMs !== stamp.mtimeMs || now.size !== stamp.size;
}

function readAll(descriptor: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  let length = 0;
  while (length < size) {
    const count = readSync(descriptor, bytes, length, size - length, null);
    if (count === 0) break;
    length += count;
  }
  return bytes.subarray(0, length);
}

function tooLarge(size: number): string {
  const megabytes = (size / 1024 / 1024).toFixed(1);
  return `This file was left out: it has ${megabytes} MB, more than the ${largestFile / 1024 / 1024} MB that are analysed.`;
}

export function decode(bytes: Uint8Array): { readonly ok: FileText } | { readonly warning: string } {
  const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (bytes.includes(0)) return { warning: "This file was left out: it is binary (it holds NUL bytes)." };
  const encoding = bom ? "utf-8" : (declaredEncoding(bytes) ?? "utf-8");
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return { ok: { text, hash: hashOf(text), encoding, bom } };
  } catch {
    const means = encoding === "utf-8" ? "it is not UTF-8" : `it is not in the encoding that it declares (${encoding})`;
    return { warning: `This file was left out: ${means}. Save it as UTF-8.` };
  }
}

/** PEP 263: a comment in one of the first two lines. The head is ASCII in every encoding that Python accepts there. */
function declaredEncoding(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 512)).toString("latin1");
  for (const line of head.split(/\r\n|\r|\n/, 2)) {
    const match = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/.exec(line);
    if (match) return normaliseEncoding(match[1]!);
  }
  return undefined;
}

/** Python's names for what the WHATWG calls otherwise. */
function normaliseEncoding(name: string): string {
  const lower = name.toLowerCase().replaceAll("_", "-");
  if (/^(utf-?8|utf-8-(unix|dos|mac|sig)|u8|ascii|us-ascii)$/.test(lower)) return "utf-8";
  if (/^(latin-?1|iso-?8859-?1|iso-latin-1)(-unix)?$/.test(lower)) return "latin1";
  if (/^cp125\d$/.test(lower)) return `windows-${lower.slice(2)}`;
  return lower;
}

export function hashOf(text: string): string {
  return createHash("sha1").update(text).digest("base64url");
}
