import type { Machine, Recommendation } from "#protocol/report";
import { format } from "../../plan/index.js";
import type { Analyzer } from "../analyzer.js";
import { plural, recommend } from "../support.js";
import { dangers, memoryDanger } from "./config/dangers.js";
import { targets, type Surroundings, type Target } from "./config/formulas.js";
import { bytesOf, isDefault, numberOf, type Settings } from "./config/settings.js";

/** The server's settings against what its machine could do, and against each other. */
export const configTuner: Analyzer = {
  name: "configTuner",
  phase: "optimize",
  needs: ["database"],
  run: async (context) => {
    const read = await context.withSession?.(async (session) => ({
      settings: await session.settings(),
      counters: await session.counters(),
      sample: session.profile.class === "sample",
    }));
    if (!read) return { summary: "No connection." };
    if (read.sample) return { summary: "The sample database's settings are its own: there is nothing to tune." };
    const { settings, counters } = read;
    const machine = context.machine ?? {};
    const around: Surroundings = {
      maxConnections: counters.maxConnections,
      maxWorkerProcesses: numberOf(settings, "max_worker_processes") ?? 8,
      databaseBytes: counters.databaseBytes,
    };
    const recommendations = [
      ...dangers(settings),
      ...memoryDanger(settings, machine),
      ...targets(machine, around).flatMap((target) => compare(target, settings)),
      ...untouched(settings, machine),
    ];
    return {
      summary: `${plural(settings.size, "setting")} checked, ${plural(recommendations.length, "remark")}.`,
      recommendations,
      notes: unknowns(machine),
    };
  },
};

function unknowns(machine: Machine): readonly string[] {
  const missing = [
    machine.memoryBytes === undefined ? "memory" : undefined,
    machine.cpus === undefined ? "CPUs" : undefined,
    machine.storage === undefined ? "storage" : undefined,
  ].filter((part) => part !== undefined);
  if (missing.length === 0) return [];
  return [
    `A server does not tell its ${missing.join(", ")}: settings that depend on them were not compared with a target (--ram, --cpus, --storage).`,
  ];
}

/** Within a factor of two a setting is a matter of taste. */
function compare(target: Target, settings: Settings): readonly Recommendation[] {
  const { name, kind, because } = target;
  const current = settings.get(name);
  if (!current || agrees(target, settings)) return [];
  const shown = kind === "bytes" ? inSettingUnits(Number(target.value)) : String(target.value);
  const now = kind === "bytes" ? format.bytes(bytesOf(settings, name) ?? 0) : current.value;
  return [
    recommend({
      kind: "setting",
      title: `${name}: ${now} → ${shown}`,
      why: `By the rule of thumb (pgtune): ${because}. Measure before and after.${restarts.has(name) ? " Needs a restart." : ""}`,
      severity: "info",
      evidence: { level: "measured", facts: [`Now ${now}, from ${current.source}.`] },
      action: `ALTER SYSTEM SET ${name} = ${kind === "number" ? shown : `'${shown}'`};`,
    }),
  ];
}

const restarts = new Set(["shared_buffers", "max_worker_processes", "max_connections"]);

function agrees({ name, kind, value }: Target, settings: Settings): boolean {
  if (kind === "word") return settings.get(name)?.value === value;
  const current = kind === "bytes" ? bytesOf(settings, name) : numberOf(settings, name);
  if (current === undefined) return true;
  const factor = current / Number(value);
  return factor > 0.5 && factor < 2;
}

function inSettingUnits(bytes: number): string {
  const megabytes = bytes / 1024 ** 2;
  if (megabytes >= 1024 && Number.isInteger(megabytes / 1024)) return `${megabytes / 1024}GB`;
  return megabytes >= 1 ? `${Math.floor(megabytes)}MB` : `${Math.floor(bytes / 1024)}kB`;
}

/** The default of shared_buffers fits no server; without the memory's size no number can be named. */
function untouched(settings: Settings, machine: Machine): readonly Recommendation[] {
  if (machine.memoryBytes !== undefined || !isDefault(settings, "shared_buffers")) return [];
  const now = format.bytes(bytesOf(settings, "shared_buffers") ?? 0);
  return [
    recommend({
      kind: "setting",
      title: `shared_buffers is still the default (${now})`,
      why: "The default is made to start anywhere. On a server of its own a quarter of the memory is the usual beginning; how much there is, is not known here.",
      severity: "info",
      evidence: { level: "measured", facts: [] },
    }),
  ];
}
