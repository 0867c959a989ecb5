import type { PlanNode } from "#protocol/plan";

/** `orders` of `orders_12`: what PostgreSQL made the aliases of the partitions of one table from (13 and later). */
export function baseAlias(node: PlanNode | undefined): string | undefined {
  const alias = node?.alias;
  if (alias === undefined || alias === node?.relation) return undefined;
  const end = alias.lastIndexOf("_");
  const number = Number(alias.slice(end + 1));
  return end > 0 && Number.isInteger(number) && number > 0 ? alias.slice(0, end) : undefined;
}
