// Runs the in-host tests one after another and writes what came of them; a host that dies in the middle leaves "complete" false.
const { writeFileSync } = require("node:fs");
const vscode = require("vscode");
const { inHostTests } = require("./tests.js");

const limitMs = 60_000;

function withinLimit(promise) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${limitMs / 1000} s`)), limitMs);
  });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
}

exports.run = async function run() {
  const outcome = { complete: false, figures: {}, tests: [] };
  const write = () => writeFileSync(process.env.IN_HOST_RESULTS, JSON.stringify(outcome, undefined, 2));
  write();
  for (const [name, test] of inHostTests(vscode)) {
    let error;
    try {
      await withinLimit(test(outcome.figures));
    } catch (caught) {
      error = caught instanceof Error ? (caught.stack ?? caught.message) : String(caught);
    }
    outcome.tests.push({ name, ...(error ? { error } : {}) });
    write();
  }
  outcome.complete = true;
  write();
  const failed = outcome.tests.filter(({ error }) => error).length;
  if (failed > 0) throw new Error(`${failed} of ${outcome.tests.length} in-host tests failed`);
};
