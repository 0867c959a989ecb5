import type { ParseResult } from "libpg-query";
import load from "libpg-query/wasm/libpg-query.js";

type Instance = Awaited<ReturnType<typeof load>>;

/** PostgreSQL's own words about a text that it does not accept. */
export class SyntaxProblem extends Error {
  /** `offset` counts code points from 0; undefined where PostgreSQL gives no position. */
  constructor(
    message: string,
    readonly offset: number | undefined,
  ) {
    super(message);
    this.name = "SyntaxProblem";
  }
}

/** One token as PostgreSQL's scanner cuts it; offsets in UTF-8 bytes. */
export interface RawToken {
  start: number;
  end: number;
  tokenName: string;
  text: string;
  keywordName: string;
}

let current: Instance | undefined;
let standby: Instance | undefined;
let starting: Promise<void> | undefined;
let wasm: Uint8Array | undefined;

// TypeScript's library of this project has neither the DOM nor Node's newest globals; the runtime has WebAssembly.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ instance: object }>;
};

async function newInstance(): Promise<Instance> {
  const bytes = wasm;
  if (!bytes) return load();
  let failed: (reason: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (failed = reject));
  const started = load({
    instantiateWasm: (imports, done) => {
      WebAssembly.instantiate(bytes, imports).then(({ instance }) => done(instance), failed);
    },
  });
  return Promise.race([started, failure]);
}

/**
 * Loads the parser; safe to call again. Without `bytes` the module is read from beside itself: from its package, or from the bundle's folder.
 * Rejects when it cannot be read or compiled.
 */
export function initEngine(bytes?: Uint8Array): Promise<void> {
  starting ??= (async () => {
    wasm = bytes;
    current = await newInstance();
    standby = await newInstance();
  })().catch((error: unknown) => {
    starting = undefined;
    throw error;
  });
  return starting;
}

function instance(): Instance {
  if (!current) throw new Error("The SQL parser is not loaded: await initSql() first.");
  return current;
}

/**
 * An exception that unwinds through WebAssembly leaves its stack and heap as they were in the middle of the work. Such an instance must
 * not be used again: the next one stands ready, and another is made for the time after.
 */
function replaceBroken(): void {
  current = standby ?? current;
  standby = undefined;
  void newInstance().then(
    (fresh) => (standby = fresh),
    () => undefined,
  );
}

function guarded<T>(text: string, work: (module: Instance, pointer: number) => T): T {
  const module = instance();
  const bytes = module.lengthBytesUTF8(text) + 1;
  const pointer = module._malloc(bytes);
  let trapped = false;
  try {
    module.stringToUTF8(text, pointer, bytes);
    return work(module, pointer);
  } catch (error) {
    if (error instanceof SyntaxProblem) throw error;
    trapped = true;
    replaceBroken();
    if (error instanceof RangeError) throw new SyntaxProblem("The statement is nested too deeply to be parsed.", undefined);
    throw new SyntaxProblem("The parser gave up on this statement.", undefined);
  } finally {
    if (!trapped) module._free(pointer);
  }
}

function readError(module: Instance, error: number): SyntaxProblem {
  const message = module.getValue(error, "i32");
  const position = module.getValue(error + 16, "i32");
  return new SyntaxProblem(message ? module.UTF8ToString(message) : "syntax error", position > 0 ? position - 1 : undefined);
}

/** The raw parse tree. Throws `SyntaxProblem`. */
export function parseTree(text: string): ParseResult {
  return guarded(text, (module, pointer) => {
    const result = module._wasm_parse_query_raw(pointer);
    if (!result) throw new RangeError("out of memory");
    try {
      const error = module.getValue(result + 8, "i32");
      if (error) throw readError(module, error);
      return JSON.parse(module.UTF8ToString(module.getValue(result, "i32"))) as ParseResult;
    } finally {
      module._wasm_free_parse_result(result);
    }
  });
}

/** Scan, fingerprint, normalise and PL/pgSQL answer with one string, which is the error's text when they fail; `accepts` tells the two apart. */
function textOf(
  text: string,
  call: "_wasm_scan" | "_wasm_fingerprint" | "_wasm_normalize_query" | "_wasm_parse_plpgsql",
  accepts: (answer: string) => boolean,
): string {
  return guarded(text, (module, pointer) => {
    const result = module[call](pointer);
    if (!result) throw new RangeError("out of memory");
    const answer = module.UTF8ToString(result);
    module._wasm_free_string(result);
    if (!accepts(answer)) throw new SyntaxProblem(answer, undefined);
    return answer;
  });
}

/** Tokens of a text that parses. Throws `SyntaxProblem`. */
export function scanTokens(text: string): RawToken[] {
  const answer = textOf(text, "_wasm_scan", (json) => json.startsWith("{"));
  return (JSON.parse(answer) as { tokens: RawToken[] }).tokens;
}

/** libpg_query's fingerprint, 16 hexadecimal digits. Throws `SyntaxProblem`. */
export function fingerprint(text: string): string {
  return textOf(text, "_wasm_fingerprint", (answer) => /^[0-9a-f]{16}$/.test(answer));
}

/** The text with `$n` for its constants, of a text that is known to parse: here an error cannot be told from an answer. */
export function normalise(text: string): string {
  return textOf(text, "_wasm_normalize_query", () => true);
}

/** The tree of the PL/pgSQL function that a CREATE FUNCTION statement holds, as JSON of libpg_query. Throws `SyntaxProblem`. */
export function parsePlpgsqlFunction(text: string): unknown {
  return JSON.parse(textOf(text, "_wasm_parse_plpgsql", (answer) => answer.startsWith("{")));
}
