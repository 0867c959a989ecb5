import type { OperationOutput } from "#protocol/operations";
import type { Engine } from "./engine.js";

export type RuleEntry = OperationOutput<"listRules">["rules"][number];

/** The rules by name: for links, hovers and the check of settings. Read once; rules do not change while a server lives. */
export class RuleList {
  #rules: ReadonlyMap<string, RuleEntry> = new Map();

  async load(engine: Engine): Promise<void> {
    const silent = { signal: new AbortController().signal, progress: () => undefined, consent: async () => false };
    const { rules } = (await engine.run("listRules", {}, silent)) as OperationOutput<"listRules">;
    this.#rules = new Map(rules.map((rule) => [rule.id, rule]));
  }

  get(rule: string): RuleEntry | undefined {
    return this.#rules.get(rule);
  }

  names(): ReadonlySet<string> {
    return new Set(this.#rules.keys());
  }

  readonly url = (rule: string): string | undefined => this.#rules.get(rule)?.url;
}
