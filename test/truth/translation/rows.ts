import type { Client, QueryArrayResult } from "pg";
import type { TestServer } from "../../database/support/server.js";
import type { SqlAlchemyVersion } from "../python.js";
import { repeatable, type Executable } from "./compare.js";
import type { Verdict } from "./judge.js";
import { databaseOf, type Recording, type SentStatement } from "./recording.js";
import { canonicalTree, isOrdered } from "./trees.js";

/** Texts as the server sends them: a driver's own conversions could hide a difference. */
const asSent = { getTypeParser: () => (value: string | Buffer) => value.toString() };

/**
 * Goes through each call's statements in a transaction on the filled database; before a real statement ours takes its turn and is undone.
 * Gives what differs, by the verdict's id.
 */
export async function compareRows(
  server: TestServer,
  version: SqlAlchemyVersion,
  recordings: readonly Recording[],
  verdicts: readonly Verdict[],
): Promise<Map<string, string[]>> {
  const client = await server.admin(databaseOf(version));
  const ours = new Map(verdicts.flatMap((verdict) => (verdict.executable ? [[verdict.statement, verdict] as const] : [])));
  const complaints = new Map<string, string[]>();
  try {
    const filled = await sequencesOf(client);
    for (const recording of recordings) {
      if (!recording.statements.some((statement) => ours.has(statement))) continue;
      await client.query(`BEGIN; SET LOCAL search_path = ${recording.app}; ${filled}`);
      for (const statement of recording.statements) {
        const verdict = ours.get(statement);
        const found = await replay(client, statement, verdict?.executable);
        if (found && verdict) complaints.set(verdict.id, [...(complaints.get(verdict.id) ?? []), found]);
        if (statement.sets !== undefined) break; // Only the first of its parameter sets is known: what follows would meet other rows.
      }
      await client.query("ROLLBACK");
    }
  } finally {
    await client.end();
  }
  return complaints;
}

/** SQL that sets every sequence as it stands now: they are not undone with a transaction, and their numbers come back in rows. */
async function sequencesOf(client: Client): Promise<string> {
  const sequence = "format('%I.%I', schemaname, sequencename)";
  const set = `format('SELECT setval(%L, %s, %L)', ${sequence}, coalesce(last_value, start_value), last_value IS NOT NULL)`;
  const { rows } = await client.query<{ sql: string }>(`SELECT coalesce(string_agg(${set}, '; '), '') AS sql FROM pg_sequences`);
  return rows[0]!.sql;
}

async function replay(client: Client, real: SentStatement, ours: Executable | undefined): Promise<string | undefined> {
  let first: QueryArrayResult | string | undefined;
  if (ours) {
    const before = /insert/i.test(real.sql) ? await sequencesOf(client) : "";
    await client.query("SAVEPOINT truth");
    first = await run(client, ours);
    await client.query(`ROLLBACK TO truth; ${before}`);
  }
  await client.query("SAVEPOINT truth");
  const second = await run(client, repeatable(real));
  if (typeof second === "string") {
    await client.query("ROLLBACK TO truth");
    return `the real statement cannot be repeated: ${second}`;
  }
  if (real.rows !== undefined && real.rows >= 0 && real.sets === undefined && second.rowCount !== real.rows)
    return `the real statement gave ${real.rows} rows, and ${second.rowCount} when repeated`;
  if (first === undefined) return undefined;
  if (typeof first === "string") return `our statement fails: ${first}`;
  return difference(first, second, isOrdered(canonicalTree(real.sql)));
}

async function run(client: Client, { sql, values }: Executable): Promise<QueryArrayResult | string> {
  try {
    return await client.query({ text: sql, values: [...values], rowMode: "array", types: asSent });
  } catch (error) {
    return (error as Error).message;
  }
}

function difference(ours: QueryArrayResult, theirs: QueryArrayResult, ordered: boolean): string | undefined {
  const columns = ({ fields }: QueryArrayResult) => fields.map(({ name, dataTypeID }) => `${name}:${dataTypeID}`).join(", ");
  if (columns(ours) !== columns(theirs)) return `columns ${columns(ours)} instead of ${columns(theirs)}`;
  if (ours.rowCount !== theirs.rowCount) return `${ours.rowCount} rows instead of ${theirs.rowCount}`;
  const rows = ({ rows }: QueryArrayResult) => {
    const texts = rows.map((row) => JSON.stringify(row));
    return ordered ? texts : texts.sort();
  };
  const [a, b] = [rows(ours), rows(theirs)];
  const at = a.findIndex((row, index) => row !== b[index]);
  return at < 0 ? undefined : `row ${at + 1}: ${a[at]} instead of ${b[at]}`;
}
