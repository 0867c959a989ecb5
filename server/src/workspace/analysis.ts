import { setImmediate as nextTurn } from "node:timers/promises";
import type { Finding } from "#protocol/finding";
import type { LocatedStatement } from "#protocol/statement";
import type { TranslatedQuery } from "#protocol/translation";
import type { Catalog } from "../catalog/catalog.js";
import { sqlSources, type OrmIndex, type OrmSubject } from "../orm/index.js";
import { checkStatements, runRules, sqlComments, toFindings, type FileView, type RuleContext, type RuleLevels } from "../rules/index.js";
import { ormRules } from "../rules/orm/index.js";
import { columnsOf } from "../rules/schema.js";
import { parseStatements, type SqlSource } from "../sql/index.js";
import type { FileFacts } from "../python/index.js";
import type { FactsStore } from "./facts/store.js";
import type { FoundFile } from "./discovery.js";
import type { ProjectFile } from "./files.js";
import { engineName, mergeCatalogs, ProjectBuilder, type Project } from "./project.js";
import { locate } from "./statements.js";
import { brokenCode, brokenSql, withComments, type FileResult } from "./results.js";
import { checkTemplates } from "./templateResults.js";
import type { TemplateFiles } from "./templates.js";
import { composedStatements, together, Translations, writtenStatements } from "./translations.js";
import type { Warning } from "./warning.js";

export interface AnalysisRequest {
  /** What is known of the project; facts of the Python files among them are in the store. */
  readonly files: readonly ProjectFile[];
  /** The files whose findings are wanted. */
  readonly reported: ReadonlySet<ProjectFile>;
  /** Whether findings of this template are wanted. */
  readonly reportsTemplate: (found: FoundFile) => boolean;
  readonly levels: RuleLevels;
  readonly includePossible: boolean;
  readonly signal: AbortSignal;
  readonly progress: (share: number) => void;
}

export interface AnalysisResult {
  readonly findings: readonly Finding[];
  readonly warnings: readonly Warning[];
  readonly catalog: Catalog;
}

/** A document, the project around it, and the SQL that stands in it. */
export interface Translatable {
  readonly file: ProjectFile;
  readonly index: OrmIndex;
  readonly written: readonly TranslatedQuery[];
  readonly warning?: string;
}

/** Longer than this without a pause, and an editor's requests wait noticeably. */
const longestTurnMs = 20;

/** Files and their facts → findings. */
export class Analysis {
  private readonly builder: ProjectBuilder;
  private readonly serverCatalogs = new Map<string, Catalog>();
  readonly translator = new Translations();

  constructor(
    private readonly facts: FactsStore,
    private readonly templates: TemplateFiles,
  ) {
    const factsOf = (file: ProjectFile): FileFacts | undefined => {
      const known = facts.get(file);
      return known && "facts" in known ? known.facts : undefined;
    };
    this.builder = new ProjectBuilder(factsOf, templates);
  }

  setServerCatalog(connection: string, catalog: Catalog | undefined): void {
    if (catalog) this.serverCatalogs.set(connection, catalog);
    else this.serverCatalogs.delete(connection);
  }

  /** Whether results depend on more than files: what was read from servers. */
  get usesServers(): boolean {
    return this.serverCatalogs.size > 0;
  }

  async run(request: AnalysisRequest): Promise<AnalysisResult> {
    const { files, reported, levels, signal } = request;
    const project = this.builder.build(files);
    const context = this.context(project);
    const results = new Map<string, FileResult>();
    const warnings: Warning[] = [];
    await this.followAll(project, request);
    const pause = pauses(signal);
    for (const file of reported) {
      await pause();
      const result = this.checkFile(file, project, levels, context);
      results.set(engineName(file.found.path), result);
      if (result.warning) warnings.push({ file: file.found.path, message: result.warning });
    }
    const { problems, viewOf } = this.gather(request, project, results, warnings);
    const findings = toFindings(problems, viewOf, levels).filter((finding) => request.includePossible || finding.certainty !== "possible");
    return { findings, warnings, catalog: mergeCatalogs(project.catalogs) };
  }

  /** What the files said, and the templates that their code renders. */
  private gather(
    { files, reportsTemplate, levels }: AnalysisRequest,
    project: Project,
    own: ReadonlyMap<string, FileResult>,
    warnings: Warning[],
  ) {
    const templates = checkTemplates(this.templates, levels);
    const byName = new Map(files.map((file) => [engineName(file.found.path), file]));
    const viewOf = (name: string): FileView | undefined => {
      const file = byName.get(name);
      const known = own.get(name) ?? templates.get(name);
      return known?.view ?? (file && { text: file.text, stableName: file.found.relative, suppressions: [] });
    };
    const problems = [...own.values()].flatMap((result) => result.problems);
    for (const [name, { found, warning, problems: comments }] of templates) {
      if (!reportsTemplate(found)) continue;
      if (warning !== undefined) warnings.push({ file: found.path, message: warning });
      problems.push(...comments);
      try {
        const subject = project.analysis.subject(name);
        if (subject) problems.push(...runRules(ormRules, subject, levels, this.context(project)));
      } catch (error) {
        warnings.push({ file: found.path, message: analysisFailed(error) });
      }
    }
    return { problems, viewOf };
  }

  /** A finding may stand in another file than the code that leads to it: every file is followed before any is judged. */
  private async followAll({ analysis, index }: Project, { signal, progress }: AnalysisRequest): Promise<void> {
    const pause = pauses(signal);
    const pending = [...analysis.pending()];
    for (const [at, file] of pending.entries()) {
      if (await pause()) progress((index.files.size - pending.length + at) / index.files.size);
      analysis.evaluate(file);
    }
  }

  /** The statements of one document that "Explain" can be asked for. */
  statements(file: ProjectFile, files: readonly ProjectFile[]): LocatedStatement[] {
    const project = this.builder.build(files);
    return locate(file.found.path, file.text, this.sources(file, project), columnsOf(this.context(project)));
  }

  /** All that a translation of this document's query expressions needs; it does not change, whatever is asked for meanwhile. */
  translatable(file: ProjectFile, files: readonly ProjectFile[], ormOnly: boolean): Translatable {
    const written = ormOnly ? [] : this.written(file, files);
    const index = this.indexFor(file, files);
    if (file.found.language !== "python") return { file, index, written };
    const known = this.facts.get(file);
    if (known && "facts" in known) return { file, index, written, ...brokenCode(file.text, known.facts.problems) };
    return { file, index, written, warning: `This file was left out: ${known ? known.failed : "it could not be read"}.` };
  }

  private written(file: ProjectFile, files: readonly ProjectFile[]): TranslatedQuery[] {
    const project = this.builder.build(files.filter((other) => other === file || other.found.role === "source"));
    return writtenStatements(file.found.path, file.text, this.sources(file, project), columnsOf(this.context(project)));
  }

  async translations(
    { file, index, written, warning }: Translatable,
    signal: AbortSignal,
  ): Promise<{ queries: TranslatedQuery[]; warning?: string }> {
    const python = file.found.language === "python";
    const queries = python
      ? together(await this.translator.of(file, index, pauses(signal)), [...written, ...composedStatements(file, index)])
      : [...written];
    return { queries, ...(warning === undefined ? {} : { warning }) };
  }

  /** The index around a file with the texts of these files; undefined where it cannot be had in a moment. */
  quickIndex(file: ProjectFile, files: readonly ProjectFile[]): OrmIndex | undefined {
    return file.found.role === "source" ? this.builder.quickIndex(files) : undefined;
  }

  indexFor(file: ProjectFile, files: readonly ProjectFile[]): OrmIndex {
    return file.found.role === "source" ? this.builder.build(files).index : this.builder.indexAside(files);
  }

  private context(project: Project): RuleContext {
    return { catalogs: [...this.serverCatalogs.values(), ...project.catalogs] };
  }

  private sources(file: ProjectFile, project: Project): readonly SqlSource[] {
    if (file.found.language === "sql") return [this.builder.sql(file).source];
    const subject = this.subject(file, project);
    return subject ? sqlSources(subject) : [];
  }

  private subject(file: ProjectFile, { analysis }: Project): OrmSubject | undefined {
    return analysis.subject(engineName(file.found.path));
  }

  private checkFile(file: ProjectFile, project: Project, levels: RuleLevels, context: RuleContext): FileResult {
    const view = { text: file.text, stableName: file.found.relative };
    try {
      return file.found.language === "sql" ? this.checkSql(file, levels, context) : this.checkPython(file, project, levels, context);
    } catch (error) {
      return { problems: [], view: { ...view, suppressions: [] }, warning: analysisFailed(error) };
    }
  }

  private checkSql(file: ProjectFile, levels: RuleLevels, context: RuleContext): FileResult {
    const parsed = this.builder.sql(file);
    const { view, problems } = withComments(file, sqlComments(parsed), levels);
    return { view, problems: [...problems, ...checkStatements(parsed, levels, context)], ...brokenSql(file.text, parsed.problems) };
  }

  private checkPython(file: ProjectFile, project: Project, levels: RuleLevels, context: RuleContext): FileResult {
    const known = this.facts.get(file);
    if (!known || "failed" in known) {
      const why = known && "failed" in known ? known.failed : "it could not be read";
      return {
        problems: [],
        view: { text: file.text, stableName: file.found.relative, suppressions: [] },
        warning: `This file was left out: ${why}.`,
      };
    }
    const subject = this.subject(file, project);
    const parsed = subject ? sqlSources(subject, known.facts).map(parseStatements) : [];
    const comments = [...known.facts.comments, ...parsed.flatMap(sqlComments)];
    const { view, problems } = withComments(file, comments, levels);
    const own = subject ? runRules(ormRules, subject, levels, context) : [];
    const sql = parsed.flatMap((one) => checkStatements(one, levels, context));
    const failure = project.analysis.failure(engineName(file.found.path));
    const warning = failure === undefined ? brokenCode(file.text, known.facts.problems) : { warning: analysisFailed(failure) };
    return { view, problems: [...problems, ...own, ...sql], ...warning };
  }
}

/** Lets others have a turn now and then; answers whether it did. */
function pauses(signal: AbortSignal): () => Promise<boolean> {
  let next = performance.now() + longestTurnMs;
  return async () => {
    if (performance.now() <= next) return false;
    await nextTurn();
    signal.throwIfAborted();
    next = performance.now() + longestTurnMs;
    return true;
  };
}

/** A defect in the analysis of one file must not cost the others; it is said, and never hidden. */
function analysisFailed(error: unknown): string {
  const detail = error instanceof Error ? error.message : String(error);
  return `This file was left out: its analysis failed (${detail}). Please report this.`;
}
