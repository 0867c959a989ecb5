import type { Machine } from "#protocol/report";

const kB = 1024;
const MB = 1024 ** 2;
const GB = 1024 ** 3;

export interface Surroundings {
  readonly maxConnections: number;
  readonly maxWorkerProcesses: number;
  readonly databaseBytes: number;
}

/** What a setting should be, by pgtune's formulas: bytes, a number or a word. */
export interface Target {
  readonly name: string;
  readonly kind: "bytes" | "number" | "word";
  readonly value: number | string;
  readonly because: string;
}

/** Targets for what is known of the machine; none for what is not. */
export function targets(machine: Machine, around: Surroundings): readonly Target[] {
  const memory = machine.memoryBytes === undefined ? [] : memoryTargets(machine.memoryBytes, machine.purpose ?? "mixed", around);
  return [...memory, ...(machine.storage === undefined ? [] : storageTargets(machine.storage)), ...cpuTargets(machine)];
}

type Purpose = NonNullable<Machine["purpose"]>;

function memoryTargets(memory: number, purpose: Purpose, around: Surroundings): readonly Target[] {
  const desktop = purpose === "desktop";
  const shared = memory / (desktop ? 16 : 4);
  const bytes = (name: string, value: number, because: string): Target => ({
    name,
    kind: "bytes",
    value: Math.floor(value / kB) * kB,
    because,
  });
  return [
    bytes("shared_buffers", shared, `a ${desktop ? "sixteenth" : "quarter"} of the memory`),
    bytes("effective_cache_size", (memory * (desktop ? 1 : 3)) / 4, "what the operating system is likely to cache; it allocates nothing"),
    bytes("maintenance_work_mem", Math.min(memory / (purpose === "dw" ? 8 : 16), 8 * GB), "for VACUUM and CREATE INDEX"),
    bytes(
      "work_mem",
      workMemory(memory, shared, purpose, around),
      "counts per sort or hash and per process, so it is shared among all connections",
    ),
  ];
}

/** (R − shared_buffers) / ((connections + workers) × 3), less for purposes with large plans, by how the database fits into memory. */
export function workMemory(memory: number, shared: number, purpose: Purpose, around: Surroundings): number {
  const divisor = { web: 1, oltp: 1, dw: 2, mixed: 2, desktop: 6 }[purpose];
  const fit = around.databaseBytes < memory ? 1.3 : 0.9;
  const value = ((memory - shared) / ((around.maxConnections + around.maxWorkerProcesses) * 3) / divisor) * fit;
  return Math.max(value, 4 * MB);
}

function storageTargets(storage: NonNullable<Machine["storage"]>): readonly Target[] {
  const concurrency = { hdd: 2, ssd: 200, san: 300, nvme: 1000 }[storage];
  const random = storage === "hdd" ? 4 : 1.1;
  return [
    {
      name: "random_page_cost",
      kind: "number",
      value: random,
      because: `pages of ${storage.toUpperCase()} storage cost ${storage === "hdd" ? "more" : "about the same"} out of order`,
    },
    {
      name: "effective_io_concurrency",
      kind: "number",
      value: concurrency,
      because: `what ${storage.toUpperCase()} storage can do at once`,
    },
  ];
}

function cpuTargets({ cpus, purpose }: Machine): readonly Target[] {
  const jit: readonly Target[] =
    purpose === "web" || purpose === "oltp" || purpose === "mixed"
      ? [{ name: "jit", kind: "word", value: "off", because: "compiling costs short statements more than it gives them" }]
      : [];
  if (cpus === undefined || cpus < 4) return jit;
  const gather = purpose === "dw" ? Math.ceil(cpus / 2) : Math.min(Math.ceil(cpus / 2), 4);
  const number = (name: string, value: number, because: string): Target => ({ name, kind: "number", value, because });
  return [
    ...jit,
    number("max_worker_processes", cpus, "one per CPU"),
    number("max_parallel_workers", cpus, "one per CPU"),
    number("max_parallel_workers_per_gather", gather, "half of the CPUs for one statement"),
  ];
}
