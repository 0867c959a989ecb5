import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { escapeLiteral, type Client } from "pg";

/** Everything that an attack could leave behind, one line for each kind of thing. */
type Snapshot = Readonly<Record<string, string>>;

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

/** What a cheap look sees: any write takes a transaction number, and what takes none is in the other lines. */
const glanced = ["sequences", "transactions", "reloaded", "locks", "slots", "prepared", "sessions", "statistics"] as const;

const together = (parts: readonly (readonly [name: string, query: string])[]) =>
  parts.map(([name, query]) => `SELECT ${escapeLiteral(name)} AS name, (${query})::text AS value`).join(" UNION ALL ");

const glanceText = together(glanced.map((name) => [name, single[name] ?? ""]));

/** A server under attack, watched from two sessions that the attacks do not use. */
export class Watch {
  private lastGlance: Snapshot | undefined;
  private lastSnapshot: Snapshot | undefined;

  constructor(
    private readonly client: Client,
    /** A session that must live. */
    private readonly victim: Client,
    private readonly directory: string,
  ) {}

  /** What is different since the last glance; a few milliseconds. */
  async glance(): Promise<string[]> {
    const before = this.lastGlance;
    const { rows } = await this.client.query<Line>({ name: "glance", text: glanceText });
    this.lastGlance = { ...linesOf(rows), ...(await this.surroundings()) };
    return before ? differences(before, this.lastGlance) : [];
  }

  /** What is different since the last whole look: every row of the stage and of the catalog, every setting. */
  async look(): Promise<string[]> {
    const before = this.lastSnapshot;
    this.lastSnapshot = { ...(await this.rows()), ...(await this.surroundings()) };
    return before ? differences(before, this.lastSnapshot) : [];
  }

  private async rows(): Promise<Snapshot> {
    // app.indexed stays empty, and cannot be read without the planner running the predicate of its index, which leaks.
    const { rows: tables } = await this.client.query<{ name: string }>(
      `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relkind IN ('r', 'm') AND n.nspname IN ('app', 'kind', 'evil', 'shadow', 'public') AND c.relname <> 'indexed' ORDER BY 1`,
    );
    // ONLY: a foreign child would be read, too, and leave its mark. ROW(…)::text and not t::text: a row type may have a cast of its own, and the stage has one that leaks.
    const text = together([
      ...tables.map(
        ({ name }) =>
          [
            name,
            `SELECT count(*) || ' ' || coalesce(md5(string_agg(ROW(t.*)::text, '|' ORDER BY ROW(t.*)::text)), '') FROM ONLY ${name} t`,
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
    ]);
    return linesOf((await this.client.query<Line>(text)).rows);
  }

  /** Names of files and folders, the settings that outlive a restart, and whether the other session lives. */
  private async surroundings(): Promise<Snapshot> {
    const folders = ["", "data", "data/base", "data/pg_replslot", "data/pg_twophase", "data/pg_tblspc"];
    // pgsql_tmp is made by whoever sorts much for the first time, and empty between statements.
    const files = folders.flatMap((folder) => readdirSync(join(this.directory, folder)).map((name) => `${folder}/${name}`));
    return {
      files: files
        .filter((name) => !name.endsWith("/pgsql_tmp"))
        .sort()
        .join(" "),
      configuration: readFileSync(join(this.directory, "data", "postgresql.auto.conf"), "utf8"),
      victim: await this.victim.query("SELECT 1").then(
        () => "alive",
        () => "dead",
      ),
    };
  }
}

interface Line {
  readonly name: string;
  readonly value: string | null;
}

function linesOf(rows: readonly Line[]): Snapshot {
  return Object.fromEntries(rows.map(({ name, value }) => [name, value ?? ""]));
}

function differences(before: Snapshot, after: Snapshot): string[] {
  return Object.keys({ ...before, ...after })
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: ${wordsLost(before[name], after[name])} → ${wordsLost(after[name], before[name])}`);
}

/** What one has and the other has not; long lists differ in a word or two. */
function wordsLost(one = "nothing", other = "nothing"): string {
  const others = new Set(other.split(" "));
  return one
    .split(" ")
    .filter((word) => !others.has(word))
    .join(" ");
}
