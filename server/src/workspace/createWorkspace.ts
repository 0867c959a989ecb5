import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import type { RuleSettings } from "#protocol/settings";
import type { LocatedStatement } from "#protocol/statement";
import type { TranslatedQuery } from "#protocol/translation";
import type { Catalog } from "../catalog/catalog.js";
import { OptimizerError } from "#protocol/failure";
import type { OrmIndex } from "../orm/index.js";
import { resolveRules, ruleIds, type RuleLevels } from "../rules/index.js";
import { initSql } from "../sql/index.js";
import { alembicOf, type Alembic } from "./alembic.js";
import { Analysis, type AnalysisRequest } from "./analysis.js";
import { assetPath } from "./assets.js";
import { readProjectSettings, type ProjectSettings } from "./config.js";
import { isBelow, languageOf } from "./discovery.js";
import { FactsStore } from "./facts/store.js";
import { ProjectFiles, type ProjectFile } from "./files.js";
import { Lock } from "./lock.js";
import { KeptResults } from "./keptResults.js";
import { inScope, type Scope } from "./scope.js";
import { decidesOnVersion } from "./sqlalchemyVersion.js";
import type { Warning } from "./warning.js";
import type { CheckOptions, CheckResult, Cursor, Translation, TranslationOptions, Workspace } from "./workspace.js";

/** What the front door adds to the settings that the project itself brings. */
export interface WorkspaceSettings {
  readonly rules?: RuleSettings;
  readonly exclude?: readonly string[];
}

export interface WorkspaceOptions {
  /** Absolute. */
  readonly folders: readonly string[];
  /** Facts are kept here between starts; without it nowhere. */
  readonly cacheDirectory?: string;
  /** Threads for computing facts; 0 = none beside this one. Default: as many as the machine runs at once, four at most. */
  readonly workers?: number;
  readonly settings?: WorkspaceSettings;
  readonly log: (line: string) => void;
}

interface Indexed {
  readonly file: ProjectFile;
  readonly index: OrmIndex;
}

export async function createWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  await initSql(readFileSync(assetPath("libpg-query.wasm")));
  return new ProjectWorkspace(options);
}

class ProjectWorkspace implements Workspace {
  readonly folders: readonly string[];
  private readonly settings = new Map<string, { project: ProjectSettings; warnings: readonly Warning[] }>();
  private readonly files: ProjectFiles;
  private readonly facts: FactsStore;
  private readonly analysis: Analysis;
  private readonly kept: KeptResults;
  /** Files and facts change under way: one request after the other sees them whole. */
  private readonly lock = new Lock();

  constructor(private readonly options: WorkspaceOptions) {
    this.folders = options.folders;
    this.files = new ProjectFiles(
      options.folders,
      (folder) => [...this.settingsOf(folder).project.exclude, ...(options.settings?.exclude ?? [])],
      options.log,
    );
    this.facts = new FactsStore(options);
    this.analysis = new Analysis(this.facts, this.files.templates);
    this.kept = new KeptResults(options, this.files.templates, this.analysis);
  }

  check(options: CheckOptions): Promise<CheckResult> {
    return this.lock.run(() => this.checkNow(options));
  }

  private async checkNow(options: CheckOptions): Promise<CheckResult> {
    const { paths, signal, progress } = options;
    signal.throwIfAborted();
    progress?.("Reading files");
    if (paths.length > 0 && paths.every((path) => this.files.get(path) ?? this.files.templates.has(path)))
      await this.files.refreshStale(signal);
    else await this.files.refresh(signal);
    const unreadable = paths.filter(
      (path) => !isFolder(path) && !this.files.include(path) && !languageOf(path) && !this.files.templates.has(path),
    );
    const settings = this.folders.map((folder) => this.settingsOf(folder));
    const includeTests = options.includeTests || settings.some(({ project }) => project.includeTests);
    const scope: Scope = { paths, includeTests };
    const all = [...this.files.all()];
    const reported = all.filter((file) => inScope(file.found, scope));
    const templates = paths.filter((path) => this.files.templates.has(path));
    // Tests define no entities of the application; they are looked at only when they are reported on.
    const known = new Set(reported);
    const subject = all.filter((file) => file.found.role === "source" || known.has(file));
    const python = subject.filter((file) => file.found.language === "python");
    const levels = this.levels(options);
    const request: AnalysisRequest = {
      files: subject,
      reported: known,
      reportsTemplate: (found) => inScope(found, scope),
      levels,
      includePossible: options.includePossible || settings.some(({ project }) => project.includePossible),
      signal,
      progress: (share) => progress?.("Looking for problems", share),
    };
    const analysed = await this.kept.result(request, [scope, [...this.files.templates.paths()]], async () => {
      await this.facts.ensure(python, signal, (done, of) => progress?.("Reading Python", done / of));
      this.facts.prune(all);
      return this.analysis.run(request);
    });
    return {
      findings: analysed.findings,
      files: reported.length + templates.length,
      warnings: [
        ...settings.flatMap(({ warnings }) => warnings),
        ...unreadable.map((file) => ({
          file,
          message: "This file was left out: it is neither Python nor SQL, nor a template of this project.",
        })),
        ...this.warningsBelow(paths),
        ...analysed.warnings,
      ],
      catalog: analysed.catalog,
    };
  }

  /** The project's levels, then the front door's. */
  private levels({ rules, severities }: CheckOptions): RuleLevels {
    const unknown = rules?.find((rule) => !ruleIds.has(rule));
    if (unknown !== undefined) {
      const advice = `Allowed: ${[...ruleIds].join(", ")}.`;
      throw new OptimizerError({ kind: "usage", message: `There is no rule "${unknown}".`, advice });
    }
    const project = this.folders.map((folder) => this.settingsOf(folder).project.rules);
    return resolveRules(
      [...project, this.options.settings?.rules, severities].map((value) => ({ name: "rules", value })),
      rules,
    ).levels;
  }

  statements(path: string, text?: string): Promise<readonly LocatedStatement[]> {
    return this.lock.run(async () => {
      const document = await this.document(path, text, new AbortController().signal);
      if (!document) return [];
      const { file, known } = document;
      return this.analysis.statements(
        file,
        known.filter((other) => other === file || other.found.role === "source"),
      );
    });
  }

  async translations(path: string, { text, signal, ormOnly = false }: TranslationOptions): Promise<Translation> {
    const found = await this.lock.run(async () => {
      const document = await this.document(path, text, signal);
      return document && this.analysis.translatable(document.file, document.known, ormOnly);
    });
    if (!found) return { problem: this.unreadable(path) };
    // Nothing that may change is looked at any more: others shall not wait for it.
    return { ...(await this.analysis.translations(found, signal)), text: found.file.text };
  }

  async translationAt(path: string, at: Cursor, { text, signal }: TranslationOptions): Promise<TranslatedQuery | undefined> {
    if (languageOf(path) !== "python") return undefined;
    const found = (await this.quickly(path, text, signal)) ?? (await this.lock.run(() => this.thoroughly(path, text, signal)));
    return found && this.analysis.translator.near(found.file, found.index, at);
  }

  /** A document and its index without waiting for what is under way, where everything but the document's text is known. */
  private async quickly(path: string, text: string | undefined, signal: AbortSignal): Promise<Indexed | undefined> {
    const file = text === undefined ? this.files.get(path) : this.files.standIn(path, text);
    if (!file) return undefined;
    await this.facts.ensure([file], signal, () => undefined);
    const index = this.analysis.quickIndex(file, this.around(file));
    return index && { file, index };
  }

  private async thoroughly(path: string, text: string | undefined, signal: AbortSignal): Promise<Indexed | undefined> {
    const document = await this.document(path, text, signal);
    return document && { file: document.file, index: this.analysis.indexFor(document.file, document.known) };
  }

  sourceFiles(paths: readonly string[], signal: AbortSignal): ReturnType<Workspace["sourceFiles"]> {
    return this.lock.run(async () => {
      await this.files.refresh(signal);
      const scope: Scope = { paths, includeTests: false };
      const files = [...this.files.all()].filter(({ found }) => inScope(found, scope)).map(({ found }) => found.path);
      return { files, warnings: this.warningsBelow(paths) };
    });
  }

  private warningsBelow(paths: readonly string[]): Warning[] {
    return this.files.warnings().filter(({ file }) => !file || paths.length === 0 || paths.some((path) => isBelow(file, path)));
  }

  private unreadable(path: string): string {
    if (!languageOf(path)) return "This file is neither Python nor SQL.";
    return this.files.warnings().find(({ file }) => file === path)?.message ?? "This file was left out: it has no text.";
  }

  /** One document and the files that explain it, with their facts. */
  private async document(
    path: string,
    text: string | undefined,
    signal: AbortSignal,
  ): Promise<{ file: ProjectFile; known: readonly ProjectFile[] } | undefined> {
    if (text === undefined) this.files.reread(path);
    const file = text === undefined ? this.files.include(path) : this.files.standIn(path, text);
    if (!file) return undefined;
    // The entities that a Python file uses stand elsewhere; for SQL the walk would tell nothing.
    if (file.found.language === "python") await this.files.refreshStale(signal);
    const known = this.around(file);
    await this.facts.ensure(
      known.filter((one) => one.found.language === "python"),
      signal,
      () => undefined,
    );
    return { file, known };
  }

  /**
   * A document among the files that explain it: tests and migrations explain each other. In the order in which a check sees them: another would
   * make the project anew each time.
   */
  private around(file: ProjectFile): ProjectFile[] {
    const { path, language, role } = file.found;
    const all = [...this.files.all()];
    const explains = ({ found }: ProjectFile) => found.role === "source" || (found.role === role && language === "python");
    const known = all.flatMap((other) => (other.found.path === path ? file : explains(other) ? other : []));
    if (!known.includes(file) && language === "python") known.push(file);
    return known;
  }

  alembic(signal: AbortSignal): Promise<Alembic | undefined> {
    return this.lock.run(async () => {
      await this.files.refreshStale(signal);
      const migrations = [...this.files.all()].filter(({ found }) => found.role === "migration" && found.language === "python");
      await this.facts.ensure(migrations, signal, () => undefined);
      return alembicOf(
        migrations.flatMap((file) => {
          const known = this.facts.get(file);
          return known && "facts" in known ? [{ path: file.found.path, facts: known.facts }] : [];
        }),
      );
    });
  }

  textOf(file: string): string | undefined {
    return (this.files.get(file) ?? this.files.templates.get(file))?.text;
  }

  setOverlay(file: string, text: string | undefined): boolean {
    return this.files.setOverlay(file, text);
  }

  invalidate(files: readonly string[]): void {
    if (files.some((file) => file.endsWith("pyproject.toml"))) this.settings.clear();
    if (files.some((file) => decidesOnVersion(basename(file)))) this.analysis.translator.forgetVersions();
    this.files.invalidate(files);
  }

  setServerCatalog(connection: string, catalog: Catalog | undefined): void {
    this.analysis.setServerCatalog(connection, catalog);
  }

  async dispose(): Promise<void> {
    await this.facts.dispose();
  }

  private settingsOf(folder: string): { project: ProjectSettings; warnings: readonly Warning[] } {
    let known = this.settings.get(folder);
    if (!known) {
      const warnings: Warning[] = [];
      known = { project: readProjectSettings(folder, [...ruleIds], (warning) => warnings.push(warning)), warnings };
      this.settings.set(folder, known);
    }
    return known;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
