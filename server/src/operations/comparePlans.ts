import { comparePlans as contract } from "#protocol/operations";
import { comparePlans as compare } from "../plan/index.js";
import { operation } from "./operation.js";
import { plansAt } from "./planText.js";

export const comparePlans = operation(contract, async ({ before: first, after: second }, { history }) => {
  const [before, after] = [(await plansAt(first, history)).plans.at(-1)!, (await plansAt(second, history)).plans.at(-1)!];
  return { before, after, comparison: compare(before, after) };
});
