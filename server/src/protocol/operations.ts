import { z } from "zod";
import { SqlFragment, TableFacts } from "./explained.js";
import { Finding, Severity, Applicability } from "./finding.js";
import { KeptRun, RunStatistics } from "./history.js";
import { PlanComparison } from "./comparison.js";
import { Plan } from "./plan.js";
import { IndexSuggestion } from "./advice.js";
import { LocatedStatement, ParameterValue } from "./statement.js";
import { TranslatedQuery } from "./translation.js";
import { SlowQuery, SlowQueryOrder } from "./workload.js";
import { ConnectionProfile, ConnectionStatus } from "./connection.js";
import { Report, AnalyzerName, Machine } from "./report.js";

/** What a user can ask for: its name and the shapes that go in and come out. Front doors are made from this list. */
export interface OperationContract<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** One sentence, shown as help in every front door. */
  readonly summary: string;
  readonly input: I;
  readonly output: O;
}

function contract<I extends z.ZodType, O extends z.ZodType>(name: string, summary: string, input: I, output: O): OperationContract<I, O> {
  return { name, summary, input, output };
}

export const Warning = z.object({ file: z.string().optional(), message: z.string() });

export const check = contract(
  "check",
  "Find slow ORM and SQL code in files and folders.",
  z.object({
    paths: z.array(z.string()).default([]),
    includeTests: z.boolean().default(false),
    includePossible: z.boolean().default(false),
    rules: z.array(z.string()).optional(),
    baseline: z.string().optional(),
    since: z.string().optional(),
  }),
  z.object({ findings: z.array(Finding), files: z.number(), elapsedMs: z.number(), warnings: z.array(Warning), baselined: z.number() }),
);

export const listStatements = contract(
  "listStatements",
  "List the statements of a document that can be explained.",
  z.object({ file: z.string(), text: z.string().optional(), languageId: z.string().optional() }),
  z.object({ statements: z.array(LocatedStatement) }),
);

export const statementAt = contract(
  "statementAt",
  "Find the statement at a place in a document: SQL that stands there, or what the ORM code there sends.",
  z.object({
    file: z.string(),
    /** Wins over the file on disk. */
    text: z.string().optional(),
    line: z.number().int().min(1),
    /** Absent: whatever stands on the line. */
    column: z.number().int().min(1).optional(),
  }),
  z.object({
    /** Several where branches of the code decide which one is sent; none where nothing stands there. */
    statements: z.array(
      z.object({ statement: LocatedStatement, /** In words of the code; "" where there is one only. */ when: z.string() }),
    ),
    /** ORM code stands there, and its SQL is not known. */
    refused: z.object({ reason: z.string(), line: z.number().int().min(1) }).optional(),
  }),
);

export const translate = contract(
  "translate",
  "Show the SQL that ORM code sends.",
  z.object({
    /** Files and folders; with `line`, only the query expressions on that line of a file. */
    places: z.array(z.object({ path: z.string(), line: z.number().int().min(1).optional() })).min(1),
    /** Text of the only place, which wins over the file on disk. */
    text: z.string().optional(),
  }),
  z.object({ queries: z.array(TranslatedQuery), files: z.number(), warnings: z.array(Warning) }),
);

/** A value that a placeholder may take. */
export const ProposedValue = z.object({
  value: ParameterValue,
  /** What it is: `most common value`. */
  label: z.string(),
  source: z.enum(["code", "statistics", "running"]),
  /** How many rows the planner's statistics let expect; absent where they do not tell. */
  estimatedRows: z.number().optional(),
});
export type ProposedValue = z.infer<typeof ProposedValue>;

export const ParameterProposal = z.object({
  position: z.number(),
  /** Of the value as it is given: of the whole array for an `array`, of one element for a `list`. */
  sqlType: z.string().optional(),
  values: z.array(ProposedValue),
  /** Why the statistics propose nothing. */
  note: z.string().optional(),
});
export type ParameterProposal = z.infer<typeof ParameterProposal>;

export const proposeParameters = contract(
  "proposeParameters",
  "Propose values for a statement's placeholders from the code, from column statistics, and on request from statements that run now.",
  z.object({
    connection: z.string(),
    statement: LocatedStatement,
    /** Read values out of the texts in pg_stat_activity, too. They may be personal data, so only when somebody asks for it. */
    running: z.boolean().default(false),
  }),
  z.object({
    proposals: z.array(ParameterProposal),
    /** What asking for running statements has come to, for the person who asked. */
    running: z.string().optional(),
  }),
);

export const explain = contract(
  "explain",
  "Explain one statement and suggest indexes for it.",
  z.object({
    connection: z.string(),
    sql: z.string(),
    analyze: z.boolean().default(false),
    /** Values by position; absent with `genericPlan`. */
    parameters: z.array(ParameterValue).default([]),
    /** Positions of the placeholders that stand for IN lists; their values are arrays (`{1,2}`), and are sent as lists of single values. */
    lists: z.array(z.number().int().min(1)).default([]),
    genericPlan: z.boolean().default(false),
    suggestIndexes: z.boolean().default(true),
    /** How many runs of this statement the history keeps, this one among them; 0 keeps none. */
    keep: z.number().int().min(0).max(200).default(0),
  }),
  z.object({
    sql: z.string(),
    connection: ConnectionStatus,
    plan: Plan,
    suggestions: z.array(IndexSuggestion),
    /** What the reader must know: what a rollback did not undo, why indexes are unproved, ... */
    notes: z.array(z.string()),
    key: z.string().optional(),
    /** Which part of `sql` a node comes from, where that is certain. */
    fragments: z.array(SqlFragment).optional(),
    /** The plan's tables and their indexes, where the catalog could be read. */
    tables: z.array(TableFacts).optional(),
    /** As it was kept. */
    run: KeptRun.optional(),
    /** Of this run and those before it. */
    statistics: RunStatistics.optional(),
  }),
);

/** Where a plan is: a file, EXPLAIN's output itself in any of its formats, or a run that was kept. */
export const PlanPlace = z.union([z.object({ file: z.string() }), z.object({ text: z.string() }), z.object({ run: z.string() })]);
export type PlanPlace = z.infer<typeof PlanPlace>;

export const PlanProblem = z.object({ message: z.string(), line: z.number().int().min(1), column: z.number().int().min(1).optional() });

export const readPlan = contract(
  "readPlan",
  "Read plans that EXPLAIN has written, in any of its formats; needs no database.",
  z.object({ place: PlanPlace }),
  z.object({
    /** Never empty: a text without a plan is a failure. */
    plans: z.array(Plan),
    /** What of the text could not be read. */
    problems: z.array(PlanProblem),
  }),
);

export const comparePlans = contract(
  "comparePlans",
  "Compare two plans step by step.",
  /** Of a text with several plans the last one counts: it is the newest in a log. */
  z.object({ before: PlanPlace, after: PlanPlace }),
  z.object({ before: Plan, after: Plan, comparison: PlanComparison }),
);

export const listRuns = contract(
  "listRuns",
  "List the plans that were kept, newest first.",
  z.object({ /** Of one statement; absent: of all. */ key: z.string().optional() }),
  z.object({ runs: z.array(KeptRun) }),
);

export const deleteRuns = contract(
  "deleteRuns",
  "Delete plans that were kept.",
  z.object({ /** Absent: all. */ ids: z.array(z.string()).optional() }),
  z.object({ deleted: z.number().int() }),
);

export const slowQueries = contract(
  "slowQueries",
  "List the statements that cost most, from pg_stat_statements.",
  z.object({
    connection: z.string(),
    order: SlowQueryOrder.default("total"),
    limit: z.number().int().min(1).max(1000).default(50),
    filter: z.string().optional(),
  }),
  z.object({
    available: z.boolean(),
    /** Why there is nothing to show and how to mend it. */
    reason: z.string().optional(),
    extensionVersion: z.string().optional(),
    resetAt: z.string().optional(),
    queries: z.array(SlowQuery),
  }),
);

export const testConnection = contract(
  "testConnection",
  "Connect, and say what the server offers.",
  z.object({ profile: ConnectionProfile }),
  z.object({ status: ConnectionStatus }),
);

export const listConnections = contract(
  "listConnections",
  "List the connections and their state.",
  z.object({}),
  z.object({ connections: z.array(ConnectionStatus) }),
);

export const sampleDatabase = contract(
  "sampleDatabase",
  "Start, stop or reset the embedded sample database.",
  z.object({ action: z.enum(["start", "stop", "reset", "status"]) }),
  z.object({
    running: z.boolean(),
    dsn: z.string().optional(),
    port: z.number().optional(),
    rows: z.number().optional(),
    dataDirectory: z.string(),
  }),
);

export const optimize = contract(
  "optimize",
  "Run the analyzers and write one report.",
  z.object({
    focus: z.enum(["profile", "fix-n1", "indexes", "full"]),
    depth: z.number().int().min(1).max(5).optional(),
    paths: z.array(z.string()).default([]),
    connection: z.string().optional(),
    apply: z.boolean().default(false),
    analyzers: z.array(AnalyzerName).optional(),
    /** Of the database server, which does not tell. */
    machine: Machine.optional(),
  }),
  Report,
);

export const listRules = contract(
  "listRules",
  "List the rules with their severity and documentation.",
  z.object({}),
  z.object({
    rules: z.array(
      z.object({
        id: z.string(),
        summary: z.string(),
        severity: Severity,
        enabled: z.boolean(),
        fix: Applicability.optional(),
        languages: z.array(z.string()),
        url: z.string(),
      }),
    ),
  }),
);

export const operationContracts = {
  check,
  listStatements,
  statementAt,
  translate,
  proposeParameters,
  explain,
  readPlan,
  comparePlans,
  listRuns,
  deleteRuns,
  slowQueries,
  testConnection,
  listConnections,
  sampleDatabase,
  optimize,
  listRules,
} as const;
export type OperationName = keyof typeof operationContracts;
export type OperationInput<N extends OperationName> = z.input<(typeof operationContracts)[N]["input"]>;
export type OperationOutput<N extends OperationName> = z.output<(typeof operationContracts)[N]["output"]>;
