import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { listRules as contract } from "#protocol/operations";
import { rulesById } from "../rules/index.js";
import { operation } from "./operation.js";

/** The pages ship with the program: beside dist/ or, from sources, at the repository's top. Empty where they were left out. */
function pageOf(rule: string): string {
  const places = ["../docs/rules/", "../../docs/rules/", "../../../docs/rules/"].map(
    (folder) => new URL(`${folder}${rule}.md`, import.meta.url),
  );
  return places.find((place) => existsSync(fileURLToPath(place)))?.href ?? "";
}

export const listRules = operation(contract, async () => ({
  rules: [...rulesById.values()].map(({ meta }) => ({
    id: meta.id,
    summary: meta.summary,
    severity: meta.severity,
    enabled: meta.enabledByDefault,
    ...(meta.fix ? { fix: meta.fix } : {}),
    languages: [...meta.languages],
    url: pageOf(meta.id),
  })),
}));
