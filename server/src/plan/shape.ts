import type { Plan } from "#protocol/plan";

/** Alike for plans that do the same steps in the same way on the same relations and indexes, whatever values they were given. */
export function planShape(plan: Plan): string {
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (const { parent, type, relationship, relation, alias, index, details } of plan.nodes) {
    const joinType = details.find(({ key }) => key === "Join Type")?.value;
    for (const part of [parent, type, relationship, relation, alias, index, joinType]) {
      for (const letter of `${part ?? ""}\u0000`) {
        const code = letter.codePointAt(0)!;
        first = Math.imul(first ^ code, 0x01000193) >>> 0;
        second = (Math.imul(second, 31) + code) >>> 0;
      }
    }
  }
  return first.toString(16).padStart(8, "0") + second.toString(16).padStart(8, "0");
}
