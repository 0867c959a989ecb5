import type { Catalog } from "../catalog/catalog.js";
import { buildOrmIndex, catalogOf, createContext, ProjectAnalysis, type OrmIndex } from "../orm/index.js";
import type { FileFacts } from "../python/index.js";
import { parseStatements, type ParsedSql } from "../sql/index.js";
import { catalogOfDdl } from "./catalog/ddl.js";
import type { ProjectFile } from "./files.js";
import { sqlFile } from "./statements.js";
import type { TemplateFiles, TemplateLookup } from "./templates.js";

/** What all files together say. Made again when one of them changed; what did not change is taken from the last one. */
export interface Project {
  readonly index: OrmIndex;
  /** One per index: it keeps what it has found of each file. */
  readonly analysis: ProjectAnalysis;
  /** Tables as DDL files and as entities declare them, the better source first. */
  readonly catalogs: readonly Catalog[];
}

type FactsOf = (file: ProjectFile) => FileFacts | undefined;

/** The engine's name of a file: its path with `/` on every system. */
export function engineName(path: string): string {
  return process.platform === "win32" ? path.replaceAll("\\", "/") : path;
}

/** Builds projects and remembers the last one. */
export class ProjectBuilder {
  private last: { readonly files: readonly ProjectFile[]; readonly templates: number; readonly project: Project } | undefined;
  /** Of the last project, with edits that no check has seen yet. */
  private ahead: { readonly base: OrmIndex; readonly files: readonly ProjectFile[]; readonly index: OrmIndex } | undefined;
  private readonly parsed = new WeakMap<ProjectFile, ParsedSql>();

  constructor(
    private readonly factsOf: FactsOf,
    private readonly templates: TemplateFiles,
  ) {}

  /** A file whose text did not change is the same object. */
  build(files: readonly ProjectFile[]): Project {
    const last = this.last;
    const changed = last && changedFiles(last.files, files);
    const { version } = this.templates;
    if (last && changed?.length === 0 && last.templates === version) return last.project;
    const edited =
      last &&
      changed &&
      (this.ahead && sameFiles(this.ahead, last.project.index, files) ? this.ahead.index : this.edited(last.project.index, changed));
    const index = edited ?? this.indexOf(files);
    const declareSame = edited?.entities === last?.project.index.entities && changed?.every(({ found }) => found.language === "python");
    const catalogs = last && edited && declareSame ? last.project.catalogs : this.catalogsOf(files, index);
    const analysis =
      last && edited
        ? last.project.analysis.after(index, pythonNames(changed))
        : new ProjectAnalysis(index, createContext(index, this.lookup));
    const project = { index, analysis, catalogs };
    this.last = { files, templates: version, project };
    return project;
  }

  /**
   * The index alone, without a new project: an analysis that is under way goes on with its own. Undefined where that would take more than a
   * moment.
   */
  quickIndex(files: readonly ProjectFile[]): OrmIndex | undefined {
    const { last } = this;
    if (!last) return undefined;
    const base = last.project.index;
    if (this.ahead && sameFiles(this.ahead, base, files)) return this.ahead.index;
    const changed = changedFiles(last.files, files);
    if (!changed) return undefined;
    const index = changed.length === 0 ? base : this.edited(base, changed);
    if (index) this.ahead = { base, files, index };
    return index;
  }

  private catalogsOf(files: readonly ProjectFile[], index: OrmIndex): readonly Catalog[] {
    const ddl = files.filter((file) => file.found.language === "sql").map((file) => ({ file: file.found.path, parsed: this.sql(file) }));
    return [catalogOfDdl(ddl), catalogOf(index)].filter((catalog) => catalog.tables.length > 0);
  }

  /** An index of files that no check looks at together: tests with what they declare for themselves. It is kept beside the project's. */
  indexAside(files: readonly ProjectFile[]): OrmIndex {
    const { aside } = this;
    const changed = aside && changedFiles(aside.files, files);
    if (aside && changed?.length === 0) return aside.index;
    const index = (aside && changed && this.edited(aside.index, changed)) ?? this.indexOf(files);
    this.aside = { files, index };
    return index;
  }
  private aside: { readonly files: readonly ProjectFile[]; readonly index: OrmIndex } | undefined;

  private readonly lookup: TemplateLookup = (name, from) => {
    const template = this.templates.find(name, from);
    return template && { file: engineName(template.found.path), facts: template.facts };
  };

  private indexOf(files: readonly ProjectFile[]): OrmIndex {
    const facts = new Map<string, FileFacts>();
    for (const file of files) {
      const known = file.found.language === "python" ? this.factsOf(file) : undefined;
      if (known) facts.set(engineName(file.found.path), known);
    }
    return buildOrmIndex(facts);
  }

  /** The quick way after a keystroke; undefined where an edit is of a kind that takes a new index. */
  private edited(before: OrmIndex, changed: readonly ProjectFile[]): OrmIndex | undefined {
    let index: OrmIndex | undefined = before;
    for (const file of changed) {
      if (file.found.language !== "python") continue;
      const facts = this.factsOf(file);
      index = facts && index?.withFile(engineName(file.found.path), facts);
    }
    return index;
  }

  /** The statements of a `.sql` file. */
  sql(file: ProjectFile): ParsedSql {
    let parsed = this.parsed.get(file);
    if (!parsed) this.parsed.set(file, (parsed = parseStatements(sqlFile(engineName(file.found.path), file.text))));
    return parsed;
  }
}

const pythonNames = (files: readonly ProjectFile[]) =>
  files.filter((file) => file.found.language === "python").map((file) => engineName(file.found.path));

/** More edits at once come from a checkout, not from a keyboard. */
const mostEdits = 8;

function sameFiles(ahead: { base: OrmIndex; files: readonly ProjectFile[] }, base: OrmIndex, files: readonly ProjectFile[]): boolean {
  return ahead.base === base && changedFiles(ahead.files, files)?.length === 0;
}

/** The files that have another text than before; undefined where files came, went or changed in great number. */
function changedFiles(before: readonly ProjectFile[], after: readonly ProjectFile[]): ProjectFile[] | undefined {
  if (before.length !== after.length) return undefined;
  const changed: ProjectFile[] = [];
  for (const [i, file] of after.entries()) {
    const old = before[i]!;
    if (old === file) continue;
    if (old.found.path !== file.found.path || changed.length === mostEdits) return undefined;
    changed.push(file);
  }
  return changed;
}

/** One catalog of all: a table that both sources declare is taken from the better one. */
export function mergeCatalogs(catalogs: readonly Catalog[]): Catalog {
  const tables = new Map<string, Catalog["tables"][number]>();
  for (const table of catalogs.flatMap((catalog) => catalog.tables)) {
    const key = `${table.schema}.${table.name}`;
    if (!tables.has(key)) tables.set(key, table);
  }
  return { source: catalogs[0]?.source ?? { kind: "entities" }, tables: [...tables.values()], extensions: [] };
}
