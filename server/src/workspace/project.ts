import type { Catalog } from "../catalog/catalog.js";
import { buildOrmIndex, catalogOf, createContext, type OrmIndex } from "../orm/index.js";
import type { FileFacts } from "../python/index.js";
import { parseStatements, type ParsedSql } from "../sql/index.js";
import { catalogOfDdl } from "./catalog/ddl.js";
import type { ProjectFile } from "./files.js";
import { sqlFile } from "./statements.js";

/** What all files together say. Made again when one of them changed; what did not change is taken from the last one. */
export interface Project {
  readonly index: OrmIndex;
  /** One per index: it keeps values of module-level names. */
  readonly context: ReturnType<typeof createContext>;
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
  private last: { readonly files: readonly ProjectFile[]; readonly project: Project } | undefined;
  private readonly parsed = new WeakMap<ProjectFile, ParsedSql>();

  constructor(private readonly factsOf: FactsOf) {}

  /** A file whose text did not change is the same object. */
  build(files: readonly ProjectFile[]): Project {
    const last = this.last;
    if (last && last.files.length === files.length && last.files.every((file, i) => file === files[i])) return last.project;
    const facts = new Map<string, FileFacts>();
    for (const file of files) {
      const known = file.found.language === "python" ? this.factsOf(file) : undefined;
      if (known) facts.set(engineName(file.found.path), known);
    }
    const index = buildOrmIndex(facts);
    const ddl = files.filter((file) => file.found.language === "sql").map((file) => ({ file: file.found.path, parsed: this.sql(file) }));
    const catalogs = [catalogOfDdl(ddl), catalogOf(index)].filter((catalog) => catalog.tables.length > 0);
    const project = { index, context: createContext(index), catalogs };
    this.last = { files, project };
    return project;
  }

  /** The statements of a `.sql` file. */
  sql(file: ProjectFile): ParsedSql {
    let parsed = this.parsed.get(file);
    if (!parsed) this.parsed.set(file, (parsed = parseStatements(sqlFile(engineName(file.found.path), file.text))));
    return parsed;
  }
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
