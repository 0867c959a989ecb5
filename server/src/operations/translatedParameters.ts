import type { Parameter } from "#protocol/statement";
import type { TranslatedParameter } from "#protocol/translation";
import { readStatement } from "./readStatement.js";

/** Placeholders of a translated statement, as "Explain" asks for them: what the translation knows, and what the text says beside it. */
export function parametersOfTranslation(sql: string, translated: readonly TranslatedParameter[]): Parameter[] {
  const inText = new Map(readStatement(sql).parameters.map((parameter) => [parameter.position, parameter]));
  return translated.map(({ value, expanding, ...known }) => ({
    ...inText.get(known.position),
    ...known,
    ...(value === undefined ? {} : { value: value === null ? null : String(value) }),
    ...(expanding ? { many: "list" as const } : {}),
  }));
}
