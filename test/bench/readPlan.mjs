// Reading a large plan, beside JSON.parse of the same text in the same process: `node test/bench/readPlan.mjs [NODES]`. The first round is what a
// person waits for who opens one plan.
import { importTypeScript } from "../../scripts/lib/importTypeScript.mjs";
import { partitionedPlan } from "../../webview/dev/bigPlan.mjs";

const { readPlans } = await importTypeScript("server/src/plan/index.ts");
const source = JSON.stringify(JSON.parse(partitionedPlan(Number(process.argv[2] ?? 12_000))), null, 2);
console.log(`${(source.length / 1e6).toFixed(1)} MB`);
for (let round = 1; round <= 5; round++) {
  const [parsed, read] = [cpu(() => JSON.parse(source)), cpu(() => readPlans(source))];
  console.log(`round ${round}: JSON.parse ${parsed} ms, readPlans ${read} ms of CPU`);
}

function cpu(run) {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / 1000);
}
