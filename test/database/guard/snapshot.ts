import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Client } from "pg";

/** Everything that an attack could leave behind, one line for each kind of thing. */
export type Snapshot = Readonly<Record<string, string>>;

const catalogs = [
  "pg_class",
  "pg_attribute",
  "pg_proc",
  "pg_type",
  "pg_namespace",
  "pg_operator",
  "pg_cast",
  "pg_constraint",
  "pg_index",
  "pg_trigger",
  "pg_rewrite",
  "pg_policy",
  "pg_extension",
  "pg_authid",
  "pg_auth_members",
  "pg_db_role_setting",
  "pg_largeobject",
  "pg_largeobject_metadata",
  "pg_foreign_table",
  "pg_foreign_server",
  "pg_replication_origin",
  "pg_publication",
  "pg_subscription",
  "pg_statistic",
  "pg_depend",
  "pg_description",
  "pg_default_acl",
  "pg_enum",
  "pg_database",
];

const single: Readonly<Record<string, string>> = {
  sequences:
    "SELECT string_agg(schemaname || '.' || sequencename || '=' || coalesce(last_value::text, '-'), ' ' ORDER BY 1) FROM pg_sequences",
  // Any write takes a transaction number, also one that was rolled back.
  transactions: "SELECT pg_snapshot_xmax(pg_current_snapshot())::text",
  settings: "SELECT md5(string_agg(name || '=' || setting, ' ' ORDER BY name)) FROM pg_settings WHERE name NOT IN ('application_name')",
  reloaded: "SELECT pg_conf_load_time()::text",
  locks: "SELECT string_agg(locktype || mode || coalesce(objid::text, ''), ' ' ORDER BY 1) FROM pg_locks WHERE locktype = 'advisory'",
  slots: "SELECT count(*)::text FROM pg_replication_slots",
  prepared: "SELECT count(*)::text FROM pg_prepared_xacts",
  sessions:
    "SELECT string_agg(pid || ' ' || application_name, ',' ORDER BY pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND application_name NOT LIKE 'db-optimize%'",
  statistics: "SELECT max(stats_reset)::text FROM pg_stat_database WHERE datname = current_database()",
};

/** `client` is not the connection under attack. `victim` is another session that must live. */
export async function takeSnapshot(client: Client, victim: Client, directory: string): Promise<Snapshot> {
  const lines: Record<string, string> = {};
  // app.indexed stays empty, and cannot be read without the planner running the predicate of its index, which leaks.
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'm') AND n.nspname IN ('app', 'kind', 'evil', 'shadow', 'public') AND c.relname <> 'indexed' ORDER BY 1`,
  );
  // ROW(…)::text and not t::text: a row type may have a cast of its own, and the stage has one that leaks.
  const parts = [
    ...tables.map(
      ({ name }) =>
        [
          name,
          `SELECT count(*) || ' ' || coalesce(md5(string_agg(ROW(t.*)::text, '|' ORDER BY ROW(t.*)::text)), '') FROM ${name} t`,
        ] as const,
    ),
    ...catalogs.map(
      (name) =>
        [
          name,
          `SELECT count(*) || ' ' || coalesce(sum(hashtext(c.ctid::text || c.xmin::text))::text, '') FROM pg_catalog.${name} c`,
        ] as const,
    ),
    ...Object.entries(single),
  ];
  const text = `SELECT * FROM (${parts.map(([name, query], at) => `SELECT ${at} AS i, ${client.escapeLiteral(name)} AS name, (${query})::text AS value`).join(" UNION ALL ")}) x`;
  const { rows } = await client.query<{ name: string; value: string | null }>(text);
  for (const { name, value } of rows) lines[name] = value ?? "";
  const folders = ["", "data", "data/base", "data/pg_replslot", "data/pg_twophase", "data/pg_tblspc"].map((name) => join(directory, name));
  // Made by whoever sorts much for the first time, and empty between statements.
  lines.files = execFileSync("ls", ["--ignore=pgsql_tmp", ...folders], { encoding: "utf8" }).replaceAll("\n", " ");
  lines.configuration = createHash("sha256")
    .update(readFileSync(join(directory, "data", "postgresql.auto.conf")))
    .digest("hex");
  lines.exported = String(existsSync("/tmp/db-optimize-export"));
  lines.victim = await victim.query("SELECT 1").then(
    () => "alive",
    () => "dead",
  );
  return lines;
}

export function differences(before: Snapshot, after: Snapshot): string[] {
  return Object.keys({ ...before, ...after })
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${before[name]} → ${after[name]}`);
}
