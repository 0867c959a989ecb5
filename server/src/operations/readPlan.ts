import { readPlan as contract } from "#protocol/operations";
import { operation } from "./operation.js";
import { plansAt } from "./planText.js";

export const readPlan = operation(contract, async ({ place }, { history }) => {
  const { plans, problems } = await plansAt(place, history);
  return { plans: [...plans], problems: [...problems] };
});
