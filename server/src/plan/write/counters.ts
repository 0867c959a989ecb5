import type { Buffers, IoTimes, JitFigures, Wal } from "#protocol/plan";

/** Lines of counters as EXPLAIN's text has them: what is zero is left out, and a line without figures too. */
export interface Counters {
  readonly buffers?: Buffers | undefined;
  readonly ioTimes?: IoTimes | undefined;
  readonly wal?: Wal | undefined;
}

export function counterLines({ buffers, ioTimes, wal }: Counters): readonly string[] {
  return [buffers && bufferLine(buffers), ioTimes && timingLine(ioTimes), wal && walLine(wal)].filter(
    (line) => line !== undefined && line !== "",
  ) as string[];
}

type Pair = readonly [name: string, value: number | undefined];

const pairs = (list: readonly Pair[], write: (value: number) => string): string =>
  list.flatMap(([name, value]) => (value === undefined || value === 0 ? [] : [`${name}=${write(value)}`])).join(" ");

function line(name: string, groups: readonly (readonly [scope: string, figures: string])[]): string {
  const filled = groups.filter(([, figures]) => figures !== "").map(([scope, figures]) => `${scope} ${figures}`);
  return filled.length === 0 ? "" : `${name}: ${filled.join(", ")}`;
}

function bufferLine(buffers: Buffers): string {
  const scope = (hit: number, read: number, dirtied: number, written: number): string =>
    pairs([["hit", hit], ["read", read], ["dirtied", dirtied], ["written", written]], String); // prettier-ignore
  return line("Buffers", [
    ["shared", scope(buffers.sharedHit, buffers.sharedRead, buffers.sharedDirtied, buffers.sharedWritten)],
    ["local", scope(buffers.localHit, buffers.localRead, buffers.localDirtied, buffers.localWritten)],
    ["temp", scope(0, buffers.tempRead, 0, buffers.tempWritten)],
  ]);
}

/** Up to 16 shared and local blocks are one figure. */
function timingLine(times: IoTimes): string {
  const scope = (read: number | undefined, write: number | undefined): string =>
    pairs([["read", read], ["write", write]], (value) => value.toFixed(3)); // prettier-ignore
  return line("I/O Timings", [
    [times.localRead === undefined ? "shared/local" : "shared", scope(times.sharedRead, times.sharedWrite)],
    ["local", scope(times.localRead, times.localWrite)],
    ["temp", scope(times.tempRead, times.tempWrite)],
  ]);
}

function walLine(wal: Wal): string {
  const figures = pairs([["records", wal.records], ["fpi", wal.fpi], ["bytes", wal.bytes], ["buffers full", wal.buffersFull]], String); // prettier-ignore
  return figures === "" ? "" : `WAL: ${figures}`;
}

export function jitLines(jit: JitFigures): readonly string[] {
  const milliseconds = (name: string, value: number | undefined): string[] =>
    value === undefined ? [] : [`${name} ${value.toFixed(3)} ms`];
  const deform = jit.deformMs === undefined ? "" : ` (Deform ${jit.deformMs.toFixed(3)} ms)`;
  const timing = [
    ...milliseconds("Generation", jit.generationMs).map((text) => text + deform),
    ...milliseconds("Inlining", jit.inliningMs),
    ...milliseconds("Optimization", jit.optimizationMs),
    ...milliseconds("Emission", jit.emissionMs),
    ...milliseconds("Total", jit.totalMs),
  ];
  return [
    "JIT:",
    `  Functions: ${jit.functions}`,
    ...(jit.options.length > 0 ? [`  Options: ${jit.options.map(({ name, on }) => `${name} ${on}`).join(", ")}`] : []),
    ...(timing.length > 0 ? [`  Timing: ${timing.join(", ")}`] : []),
  ];
}
