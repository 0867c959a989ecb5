import type { Limits } from "./backend.js";
import { cancelled } from "./connect/open.js";
import type { LeasedBackend } from "./openBackend.js";

export interface PoolOptions {
  readonly open: (limits: Limits) => Promise<LeasedBackend>;
  readonly size: number;
  readonly idleMs: number;
}

/** A few backends of one connection. A lease has its backend alone; more leases than backends wait their turn. */
export class Pool {
  private readonly idle: { backend: LeasedBackend; timer: NodeJS.Timeout }[] = [];
  private readonly waiting: (() => void)[] = [];
  private readonly leases = new Set<Promise<unknown>>();
  private busy = 0;
  private closed = false;

  constructor(private readonly options: PoolOptions) {}

  async lease<T>(limits: Limits, use: (leased: LeasedBackend) => Promise<T>): Promise<T> {
    await this.turn(limits.signal);
    const run = this.run(limits, use);
    this.leases.add(run);
    try {
      return await run;
    } finally {
      this.leases.delete(run);
      this.busy -= 1;
      this.waiting.shift()?.();
    }
  }

  private async run<T>(limits: Limits, use: (leased: LeasedBackend) => Promise<T>): Promise<T> {
    const leased = await this.take(limits);
    try {
      return await use(leased);
    } finally {
      await this.giveBack(leased);
    }
  }

  private async turn(signal: AbortSignal): Promise<void> {
    while (this.busy >= this.options.size) {
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          this.waiting.splice(this.waiting.indexOf(go), 1);
          reject(cancelled());
        };
        const go = () => {
          signal.removeEventListener("abort", leave);
          resolve();
        };
        if (signal.aborted) return reject(cancelled());
        signal.addEventListener("abort", leave, { once: true });
        this.waiting.push(go);
      });
    }
    this.busy += 1;
  }

  /** An idle backend may have died unseen (server restarted, firewall): it is asked before it is trusted. */
  private async take(limits: Limits): Promise<LeasedBackend> {
    for (let entry = this.idle.pop(); entry; entry = this.idle.pop()) {
      clearTimeout(entry.timer);
      if (await this.stillThere(entry.backend, limits)) return entry.backend;
      await entry.backend.backend.close();
    }
    return this.options.open(limits);
  }

  private async stillThere({ backend }: LeasedBackend, limits: Limits): Promise<boolean> {
    if (!backend.usable) return false;
    backend.begin({ ...limits, statementTimeoutSeconds: Math.min(limits.statementTimeoutSeconds, 5) });
    const alive = await backend.query("SELECT 1").then(
      () => true,
      () => false,
    );
    backend.begin(limits);
    return alive && backend.usable;
  }

  private async giveBack(leased: LeasedBackend): Promise<void> {
    const { backend } = leased;
    if (this.closed || !backend.usable) return backend.close();
    const entry = { backend: leased, timer: setTimeout(() => this.retire(entry), this.options.idleMs).unref() };
    this.idle.push(entry);
  }

  private retire(entry: { backend: LeasedBackend; timer: NodeJS.Timeout }): void {
    const at = this.idle.indexOf(entry);
    if (at < 0) return;
    this.idle.splice(at, 1);
    void entry.backend.backend.close();
  }

  /** Waits for what runs; callers abort their leases first if they are in a hurry. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { timer } of this.idle) clearTimeout(timer);
    await Promise.all([
      ...this.idle.splice(0).map(({ backend }) => backend.backend.close()),
      ...[...this.leases].map((lease) => lease.catch(() => undefined)),
    ]);
  }
}
