/** What is known of a schema. Plain values, whoever found them out. */

export type CatalogSource =
  { kind: "entities" } | { kind: "ddl"; files: readonly string[] } | { kind: "server"; connection: string; readAt: string };

export interface Catalog {
  readonly source: CatalogSource;
  /** Server version as a number (180004), where a server is behind it. */
  readonly serverVersion?: number;
  readonly tables: readonly Table[];
  readonly extensions: readonly { name: string; version: string }[];
}

export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly kind: "table" | "partitioned" | "view" | "materialized" | "foreign";
  readonly columns: readonly Column[];
  readonly primaryKey?: readonly string[];
  readonly uniques: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKey[];
  readonly indexes: readonly Index[];
  readonly size?: TableSize;
  readonly activity?: TableActivity;
}

export interface Column {
  readonly name: string;
  /** As format_type prints it. */
  readonly type: string;
  readonly notNull: boolean;
  readonly default?: string;
  readonly identity?: boolean;
  readonly statistics?: ColumnStatistics;
}

/** From pg_stats. */
export interface ColumnStatistics {
  readonly nullFraction: number;
  /** As pg_stats gives it: negative = fraction of rows. */
  readonly distinct: number;
  readonly averageWidth: number;
  readonly mostCommon: readonly { value: string; frequency: number }[];
  readonly histogram: readonly string[];
  readonly correlation?: number;
}

export interface ForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly referencedSchema: string;
  readonly referencedTable: string;
  readonly referencedColumns: readonly string[];
  readonly onDelete: string;
}

export interface Index {
  readonly schema: string;
  readonly name: string;
  readonly method: string;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly valid: boolean;
  /** Key columns in order; an expression instead of a name where there is one. */
  readonly keys: readonly { column?: string; expression?: string; descending: boolean; operatorClass?: string }[];
  readonly include: readonly string[];
  readonly predicate?: string;
  /** CREATE INDEX as the server prints it; empty while the table is locked for ALTER TABLE (keys and predicate are then "?" where they are expressions). */
  readonly definition: string;
  readonly bytes?: number;
  readonly scans?: number;
}

export interface TableSize {
  /** reltuples; absent when the table was never analysed. */
  readonly rows?: number;
  readonly pages: number;
  readonly bytes: number;
}

/** From pg_stat_user_tables, since the last reset. */
export interface TableActivity {
  readonly sequentialScans: number;
  readonly sequentialRows: number;
  readonly indexScans: number;
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly liveRows: number;
  readonly deadRows: number;
  /** Rows inserted, updated or deleted since the last ANALYZE. */
  readonly modifiedSinceAnalyze?: number;
  readonly lastAnalyze?: string;
  readonly lastVacuum?: string;
}
