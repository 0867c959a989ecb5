import type { Machine } from "#protocol/report";
import type { Recommendation } from "#protocol/report";
import { format } from "../../../plan/index.js";
import { recommend } from "../../support.js";
import { bytesOf, isOff, numberOf, type Settings } from "./settings.js";

interface Danger {
  readonly title: string;
  readonly why: string;
  readonly severity: Recommendation["severity"];
  readonly action?: string;
  readonly facts?: readonly string[];
}

/** Settings that lose data, stop the housekeeping or cannot work together. Needs no knowledge of the machine. */
export function dangers(settings: Settings): readonly Recommendation[] {
  return [...switches(settings), ...contradictions(settings), ...plannerSwitches(settings)].map(toRecommendation);
}

function switches(settings: Settings): readonly Danger[] {
  const known: readonly (Danger & { readonly name: string })[] = [
    {
      name: "fsync",
      title: "fsync is off",
      severity: "error",
      why: "A crash of the machine destroys the whole database beyond repair. Switch it on.",
      action: "ALTER SYSTEM SET fsync = on;",
    },
    {
      name: "full_page_writes",
      title: "full_page_writes is off",
      severity: "error",
      why: "A crash in the middle of a page's write corrupts it silently. Switch it on; wal_compression makes it cheaper.",
      action: "ALTER SYSTEM SET full_page_writes = on;",
    },
    {
      name: "autovacuum",
      title: "autovacuum is off",
      severity: "error",
      why: "Tables bloat, statistics age, and in the end the server stops to protect transaction numbers. Switch it on and tune single tables instead.",
      action: "ALTER SYSTEM SET autovacuum = on;",
    },
    {
      name: "track_counts",
      title: "track_counts is off",
      severity: "error",
      why: "Autovacuum does not see what changed and does nothing. Switch it on.",
      action: "ALTER SYSTEM SET track_counts = on;",
    },
    {
      name: "synchronous_commit",
      title: "synchronous_commit is off for all",
      severity: "info",
      why: "A crash loses the last commits (up to three times wal_writer_delay), though nothing is corrupted. Use SET LOCAL in the transactions that can bear it.",
      action: "ALTER SYSTEM SET synchronous_commit = on;",
    },
  ];
  return known.filter(({ name }) => isOff(settings, name));
}

function plannerSwitches(settings: Settings): readonly Danger[] {
  const off = [...settings].filter(
    ([name, { value, source }]) => name.startsWith("enable_") && value === "off" && source !== "default" && source !== "session",
  );
  if (off.length === 0) return [];
  const names = off.map(([name]) => name).join(", ");
  return [
    {
      title: `Planner methods are switched off for everybody: ${names}`,
      why: "What helped one statement hurts others. Reset it, and mend the estimate or the cost setting that made the planner choose wrongly.",
      severity: "warning",
      action: off.map(([name]) => `ALTER SYSTEM RESET ${name};`).join("\n"),
    },
  ];
}

function contradictions(settings: Settings): readonly Danger[] {
  const found: Danger[] = [];
  const cache = bytesOf(settings, "effective_cache_size");
  const shared = bytesOf(settings, "shared_buffers");
  if (cache !== undefined && shared !== undefined && cache < shared) {
    found.push({
      title: "effective_cache_size is smaller than shared_buffers",
      why: `The planner believes in less cache (${format.bytes(cache)}) than PostgreSQL itself has (${format.bytes(shared)}) and avoids indexes. Set it to about three quarters of the memory.`,
      severity: "warning",
    });
  }
  const [workers, processes] = [numberOf(settings, "max_parallel_workers"), numberOf(settings, "max_worker_processes")];
  if (workers !== undefined && processes !== undefined && workers > processes) {
    found.push({
      title: "max_parallel_workers exceeds max_worker_processes",
      why: `Of ${workers} parallel workers at most ${processes} can start: plans get fewer than they were made for. Raise max_worker_processes (restart).`,
      severity: "info",
    });
  }
  const target = numberOf(settings, "checkpoint_completion_target");
  if (target !== undefined && target < 0.7) {
    found.push({
      title: `checkpoint_completion_target is ${target}`,
      why: "Checkpoints write in bursts that slow everything else. 0.9 spreads them.",
      severity: "info",
      action: "ALTER SYSTEM SET checkpoint_completion_target = 0.9;",
    });
  }
  return found;
}

/** All that the settings allow to be used at once, against the memory there is. */
export function memoryDanger(settings: Settings, machine: Machine | undefined): readonly Recommendation[] {
  const [shared, work, maintenance] = ["shared_buffers", "work_mem", "maintenance_work_mem"].map((name) => bytesOf(settings, name));
  const [connections, workers] = ["max_connections", "autovacuum_max_workers"].map((name) => numberOf(settings, name));
  if (
    shared === undefined ||
    work === undefined ||
    maintenance === undefined ||
    connections === undefined ||
    machine?.memoryBytes === undefined
  )
    return [];
  const perWorker = bytesOf(settings, "autovacuum_work_mem") ?? maintenance;
  const sum = shared + connections * work + perWorker * (workers ?? 3);
  const share = sum / machine.memoryBytes;
  if (share <= 0.8) return [];
  const parts = `${format.bytes(shared)} shared_buffers + ${connections} × ${format.bytes(work)} work_mem + ${workers ?? 3} × ${format.bytes(perWorker)} maintenance`;
  return [
    toRecommendation({
      title: `The settings allow ${format.percent(share)} of the memory to be used`,
      why: `${parts} = ${format.bytes(sum)} of ${format.bytes(machine.memoryBytes)}, and a statement may use work_mem several times. The kernel ends the server when memory is out. Lower max_connections (pool outside) or work_mem.`,
      severity: share > 1 ? "error" : "warning",
      facts: [`Hash nodes take work_mem × hash_mem_multiplier (${settings.get("hash_mem_multiplier")?.value ?? "1"}).`],
    }),
  ];
}

function toRecommendation({ title, why, severity, action, facts = [] }: Danger): Recommendation {
  return recommend({
    kind: "setting",
    title,
    why,
    severity,
    evidence: { level: "measured", facts: [...facts] },
    ...(action === undefined ? {} : { action }),
  });
}
