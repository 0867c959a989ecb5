import type { Finding, Severity } from "#protocol/finding";
import type { LocatedStatement } from "#protocol/statement";
import type { TranslatedQuery } from "#protocol/translation";
import type { Catalog } from "../catalog/catalog.js";
import type { Alembic } from "./alembic.js";

export interface CheckOptions {
  /** Files and folders, absolute; empty = the workspace's folders. */
  readonly paths: readonly string[];
  readonly includeTests: boolean;
  readonly includePossible: boolean;
  /** Only these rules; undefined = as configured. */
  readonly rules?: readonly string[];
  readonly severities?: Readonly<Record<string, Severity | "off">>;
  readonly signal: AbortSignal;
  readonly progress?: (message: string, share?: number) => void;
}

export interface CheckResult {
  /** Files absolute; the caller makes them relative. */
  readonly findings: readonly Finding[];
  readonly files: number;
  readonly warnings: readonly { file?: string; message: string }[];
  /** Tables as the project's entities and DDL files declare them. */
  readonly catalog: Catalog;
}

/** A place in a document, counted from 1. */
export interface Cursor {
  readonly line: number;
  readonly column?: number;
  /** Only what stands around the place counts, not what else stands on its line. */
  readonly strict?: boolean;
}

export interface TranslationOptions {
  /** Wins over the file on disk. */
  readonly text?: string;
  /** Leave out the SQL that stands in the text: what reaches the database is found by following the whole project. */
  readonly ormOnly?: boolean;
  readonly signal: AbortSignal;
}

/** What a document sends, with the text that lines are counted in; or in one sentence why it was not read. */
export type Translation =
  | { readonly queries: readonly TranslatedQuery[]; readonly text: string; /** What of it could not be read. */ readonly warning?: string }
  | { readonly problem: string };

/** The project's text and what is known of it. The only room that reads project files. */
export interface Workspace {
  readonly folders: readonly string[];
  check(options: CheckOptions): Promise<CheckResult>;
  /** The statements of one document; `text` wins over the file on disk. */
  statements(file: string, text?: string): Promise<readonly LocatedStatement[]>;
  /** The query expressions of a Python file with the SQL that they send, and the SQL that stands in the file; a `.sql` file's statements. */
  translations(file: string, options: TranslationOptions): Promise<Translation>;
  /** The query expression at a place of a Python file; answers at once though a check is under way, where it can. */
  translationAt(file: string, at: Cursor, options: TranslationOptions): Promise<TranslatedQuery | undefined>;
  /** The Python and SQL files below these paths that a check would report on, absolute, and those that cannot be read. */
  sourceFiles(paths: readonly string[], signal: AbortSignal): Promise<{ files: readonly string[]; warnings: CheckResult["warnings"] }>;
  /** Where a new Alembic revision of this project belongs; undefined where there is no such place, or several. */
  alembic(signal: AbortSignal): Promise<Alembic | undefined>;
  /** The text that findings and statements of this file speak about; undefined where it was not read. */
  textOf(file: string): string | undefined;
  /** An open document's text shadows the file; undefined closes it. Answers whether that may change any finding. */
  setOverlay(file: string, text: string | undefined): boolean;
  /** Files that changed on disk. */
  invalidate(files: readonly string[]): void;
  /** Catalogs read from servers, which rules may use as evidence. */
  setServerCatalog(connection: string, catalog: Catalog | undefined): void;
  dispose(): Promise<void>;
}
