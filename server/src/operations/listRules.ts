import { listRules as contract } from "#protocol/operations";
import { rulesById } from "../rules/index.js";
import { operation } from "./operation.js";

const pages = "https://github.com/db-performance-optimizer/db-performance-optimizer/blob/main/docs/rules";

export const listRules = operation(contract, async () => ({
  rules: [...rulesById.values()].map(({ meta }) => ({
    id: meta.id,
    summary: meta.summary,
    severity: meta.severity,
    enabled: meta.enabledByDefault,
    ...(meta.fix ? { fix: meta.fix } : {}),
    languages: [...meta.languages],
    url: `${pages}/${meta.id}.md`,
  })),
}));
