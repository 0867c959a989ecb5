import type { CausedStatement, TranslatedParameter, TranslatedQuery } from "#protocol/translation";
import { compareStatements, type Comparison, type Executable } from "./compare.js";
import type { PlaceInCorpus, Recording, SentStatement } from "./recording.js";

/** What the translator made of one statement that real SQLAlchemy sent. */
export interface Verdict {
  readonly recording: Recording;
  readonly statement: SentStatement;
  /** File, function, and for a statement that loading caused what was loaded: the same in both versions and after edits elsewhere. */
  readonly id: string;
  readonly outcome: "right" | "refused" | "wrong";
  /** Why it is refused, or what is wrong. */
  readonly reasons: readonly string[];
  /** Our SQL, where there is any. */
  readonly sql?: string;
  readonly sameNames: boolean;
  readonly executable?: Executable;
  /** The query expression whose translation it is. */
  readonly query?: TranslatedQuery;
}

/** SQL that we say is sent and that no call of the corpus sent. */
export interface Unproven {
  readonly query: TranslatedQuery;
  readonly sql: string;
  readonly when: string;
}

interface Writing {
  readonly query: TranslatedQuery;
  readonly sql: string;
  readonly when: string;
  readonly parameters: readonly TranslatedParameter[];
}

export interface Judged {
  readonly verdicts: readonly Verdict[];
  readonly unproven: readonly Unproven[];
}

/** Holds every recorded statement against the translations of the places that it comes from. */
export function judgeAll(recordings: readonly Recording[], queries: readonly TranslatedQuery[]): Judged {
  const judge = new Judge(queries);
  return { verdicts: recordings.flatMap((recording) => judge.of(recording)), unproven: judge.unproven(recordings) };
}

class Judge {
  private readonly writings = new Map<TranslatedQuery, readonly Writing[]>();
  private readonly proven = new Set<Writing>();

  constructor(private readonly queries: readonly TranslatedQuery[]) {
    for (const query of queries) this.writings.set(query, [...writingsOf(query)]);
  }

  of(recording: Recording): Verdict[] {
    const found = new Map<SentStatement, Verdict>();
    // Query expressions that are accounted for: what else is sent from their lines is another statement.
    const settled = new Set<TranslatedQuery>();
    for (const statement of recording.statements) {
      if (statement.kind !== "own" && statement.kind !== "get") continue;
      for (const query of [...this.near(statement), ...this.around(recording, statement)]) {
        const right = this.match(recording, statement, query);
        if (!right) continue;
        found.set(statement, right);
        settled.add(query);
        break;
      }
    }
    return recording.statements.map((statement) => found.get(statement) ?? this.unmatched(recording, statement, settled));
  }

  /** Query expressions at the place where the statement was made, or sent from if that is not known. */
  private near({ made, frames }: SentStatement): TranslatedQuery[] {
    const places = made ? [made] : frames.slice(0, 1);
    return this.queries.filter((query) => places.some((at) => touches(query, at)));
  }

  /** Those of the functions that it passed through. */
  private around(recording: Recording, { frames }: SentStatement): TranslatedQuery[] {
    return this.queries.filter((query) => isIn(query, recording) || frames.some((at) => touches(query, at)));
  }

  private match(recording: Recording, statement: SentStatement, query: TranslatedQuery): Verdict | undefined {
    for (const writing of this.writings.get(query) ?? []) {
      const comparison = compareStatements(writing.sql, writing.parameters, statement, recording.arguments);
      if (comparison.complaints.length > 0) continue;
      this.proven.add(writing);
      return { ...verdictOf(recording, statement, "right", [], { comparison, sql: writing.sql }), query };
    }
    return undefined;
  }

  private unmatched(recording: Recording, statement: SentStatement, settled: ReadonlySet<TranslatedQuery>): Verdict {
    if (statement.kind !== "own") {
      const caused = this.caused(recording, statement);
      if (statement.kind !== "get" || caused.outcome === "right") return caused;
    }
    const near = this.near(statement);
    const around = this.around(recording, statement);
    const [first] = near.filter((query) => !settled.has(query)).flatMap((query) => this.sameTree(recording, statement, query) ?? []);
    if (first) return first;
    // What is translated at the very place is meant to be this statement; elsewhere in the function it may be another one.
    if (isBuiltFurther(statement))
      return verdictOf(recording, statement, "refused", [refusedAt(near) ?? "those who call it go on building it"]);
    const claims = near.some(({ refused }) => refused) ? [] : near.filter((query) => query.within === undefined && !settled.has(query));
    const [writing] = claims.flatMap((query) => this.writings.get(query) ?? []);
    if (writing) return verdictOf(recording, statement, "wrong", ["another tree"], { sql: writing.sql });
    return verdictOf(recording, statement, "refused", [refusedAt([...near, ...around]) ?? "no query expression was found here"]);
  }

  /** The right tree with wrong values or types. */
  private sameTree(recording: Recording, statement: SentStatement, query: TranslatedQuery): Verdict | undefined {
    for (const { sql, parameters } of this.writings.get(query) ?? []) {
      const comparison = compareStatements(sql, parameters, statement, recording.arguments);
      if (comparison.sameTree) return verdictOf(recording, statement, "wrong", comparison.complaints, { sql });
    }
    return undefined;
  }

  private caused(recording: Recording, statement: SentStatement): Verdict {
    const around = this.around(recording, statement);
    const fitting = around.flatMap(({ causes }) => causes).filter((cause) => fits(cause, statement));
    let wrong: CausedStatement | undefined;
    for (const cause of fitting) {
      const comparison = compareStatements(cause.sql, undefined, statement, recording.arguments);
      if (comparison.complaints.length === 0) return verdictOf(recording, statement, "right", [], { comparison, sql: cause.sql });
      wrong ??= cause;
    }
    // Without a name there may be another statement of the same kind.
    if (wrong && statement.loads !== null) return verdictOf(recording, statement, "wrong", ["another tree"], { sql: wrong.sql });
    return verdictOf(recording, statement, "refused", [refusedAt(around) ?? `nothing is said about this ${statement.kind}`]);
  }

  unproven(recordings: readonly Recording[]): Unproven[] {
    const files = new Set(recordings.map(({ file }) => file));
    return [...this.writings.values()]
      .flat()
      .filter((writing) => files.has(writing.query.file) && writing.query.within === undefined && !this.proven.has(writing))
      .map(({ query, sql, when }) => ({ query, sql, when }));
  }
}

function* writingsOf(query: TranslatedQuery): Generator<Writing> {
  if (query.sql !== undefined) yield { query, sql: query.sql, when: "", parameters: query.parameters ?? [] };
  for (const { sql, when, parameters } of query.variants ?? []) yield { query, sql, when, parameters };
}

/** It was made in one function and sent by another, which may have added to it: nothing that is said about the first is about this. */
const isBuiltFurther = ({ made, frames }: SentStatement): boolean =>
  made !== null && frames[0] !== undefined && (made[0] !== frames[0][0] || made[3] !== frames[0][3]);

const refusedAt = (queries: readonly TranslatedQuery[]): string | undefined => queries.find(({ refused }) => refused)?.refused?.reason;

const touches = ({ file, line, endLine }: TranslatedQuery, [path, first, last]: PlaceInCorpus): boolean =>
  file === path && line <= last && first <= endLine;

const isIn = ({ file, line }: TranslatedQuery, recording: Recording): boolean =>
  file === recording.file && recording.line <= line && line <= recording.endLine;

const fits = (cause: CausedStatement, { kind, loads }: SentStatement): boolean =>
  cause.kind === kind && (loads === null || cause.relationship === undefined || cause.relationship === loads);

function verdictOf(
  recording: Recording,
  statement: SentStatement,
  outcome: Verdict["outcome"],
  reasons: readonly string[],
  found: { comparison?: Comparison; sql?: string } = {},
): Verdict {
  const caused = statement.kind === "own" ? "" : ` (${statement.kind}${statement.loads === null ? "" : ` ${statement.loads}`})`;
  return {
    recording,
    statement,
    id: `${recording.file}:${recording.function}${caused}`,
    outcome,
    reasons,
    ...(found.sql === undefined ? {} : { sql: found.sql }),
    sameNames: found.comparison?.sameNames ?? false,
    ...(found.comparison?.executable ? { executable: found.comparison.executable } : {}),
  };
}
