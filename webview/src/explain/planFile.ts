import { isJson } from "#protocol/json";
import type { Plan } from "#protocol/plan";

/** The plan as the server sent it: JSON nearly always, text where it was pasted. */
export function planFile(plan: Plan): { readonly json: boolean; readonly name: string } {
  const json = isJson(plan.source);
  const relation = plan.nodes.find((node) => node.relation)?.relation ?? "query";
  const safe = [...relation].map((letter) => (/[\p{L}\p{N}_-]/u.test(letter) ? letter : "_")).join("");
  return { json, name: `plan-${safe.slice(0, 60)}.${json ? "json" : "txt"}` };
}
