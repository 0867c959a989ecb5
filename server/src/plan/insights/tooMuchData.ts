import { bytes, count, milliseconds } from "../format.js";
import { evidence } from "./costs.js";
import type { InsightRule } from "./insight.js";

const leastRows = 500_000;
const leastBytes = 256 * 1024 ** 2;
/** What the client does with so many rows is not in the plan: never less than worth a look. */
const leastShare = 0.05;

/** A result that nobody reads to the end. */
export const tooMuchData: InsightRule = {
  id: "result-without-limit",
  docs: {
    summary: "The statement returns half a million rows or more.",
    whatItMeans: "The result has at least 500,000 rows or 256 MB, and no LIMIT bounds it.",
    whyItCosts:
      "It is formatted, sent and held in the client's memory, none of which the plan's times contain (from PostgreSQL 17 SERIALIZE measures the first part).",
    whatToDo:
      "Aggregate in the database, add a LIMIT and page by key, or read with a server-side cursor (`stream_results`) or COPY where all rows are really wanted.",
    silentWhen: "The statement changes data, has a LIMIT, or returns less.",
    references: ["https://www.postgresql.org/docs/current/queries-limit.html"],
  },
  inspect: (node, subject) => {
    const rows = node.rows ?? 0;
    const size = rows * (node.width ?? 0);
    if (!subject.isRoot(node) || node.type === "ModifyTable" || node.type === "Limit" || (rows < leastRows && size < leastBytes))
      return undefined;
    const sending = subject.plan.serializationMs;
    const took = sending === undefined ? "" : ` Making them ready to send took ${milliseconds(sending)}.`;
    return {
      message: `The statement returns ${count(rows)} rows, about ${bytes(size)}: they are sent and held by the client, beyond the times shown here.${took}`,
      advice:
        "Aggregate in the database, add a LIMIT and page by key, or read in portions with a server-side cursor if all rows are wanted.",
      share: Math.max(sending === undefined ? 0 : subject.shareOf(sending), leastShare),
      evidence: evidence(
        ["Rows", count(rows)],
        ["Width", `${count(node.width ?? 0)} bytes`],
        ["Serialization", sending === undefined ? undefined : milliseconds(sending)],
      ),
    };
  },
};
