import { OptimizerError } from "#protocol/failure";
import { listsOf, type LocatedStatement, type ParameterValue } from "#protocol/statement";
import type { TranslatedQuery } from "#protocol/translation";
import { oneLine, planText, suggestionText } from "../../report/index.js";
import { readStatement, statementsOfQuery } from "../../operations/index.js";
import { LineIndex } from "../../rules/index.js";
import { chooseConnection } from "../connection.js";
import type { ConnectionOptions } from "../connectionOptions.js";
import type { Environment } from "../environment.js";
import { exit } from "../exit.js";
import { fileAndLine } from "../fileAndLine.js";
import { readInput } from "../input.js";
import { withSession, type Session } from "../session.js";
import { valuesOf } from "../parameterValues.js";

export interface ExplainFlags extends ConnectionOptions {
  readonly file?: string;
  readonly analyze: boolean;
  readonly param: readonly string[];
  readonly generic: boolean;
  readonly indexes: boolean;
  readonly format: "text" | "json";
}

export async function explain(environment: Environment, sql: string | undefined, flags: ExplainFlags): Promise<number> {
  if ((sql === undefined) === (flags.file === undefined)) {
    throw usage(
      "explain needs one statement.",
      "Give it as an argument, as - with the statement on standard input, or with --file FILE[:LINE].",
    );
  }
  const connection = await chooseConnection(flags, environment);
  return withSession(environment, { connection }, async (session) => {
    const statement = await statementOf(session, environment, sql, flags);
    const parameters: readonly ParameterValue[] = flags.generic ? [] : valuesOf(statement, flags.param);
    const id = await session.connect();
    const result = await session.run("explain", {
      connection: id,
      sql: statement.sql,
      analyze: flags.analyze,
      parameters: [...parameters],
      lists: listsOf(statement),
      genericPlan: flags.generic,
      suggestIndexes: flags.indexes,
    });
    if (flags.format === "json") {
      await session.print(JSON.stringify(result, null, 2));
      return exit.clean;
    }
    const { style } = session;
    await session.print(planText(result.plan, style));
    if (result.suggestions.length > 0) {
      await session.print(`\n${style.bold("Index suggestions")}\n`);
      for (const suggestion of result.suggestions) await session.print(`${suggestionText(suggestion, style)}\n`);
    }
    for (const note of result.notes) await session.print(style.dim(`Note: ${oneLine(note)}`));
    return exit.clean;
  });
}

type Readable = Pick<LocatedStatement, "sql" | "parameters">;

async function statementOf(session: Session, environment: Environment, sql: string | undefined, flags: ExplainFlags): Promise<Readable> {
  if (flags.file !== undefined) return statementInFile(session, environment, flags.file);
  const text = sql === "-" ? await readInput(environment, 16, "Give exactly one SQL statement.") : sql!;
  if (text.trim() === "") throw usage("There is no statement in what was given.", "Give exactly one SQL statement.");
  return readStatement(text);
}

async function statementInFile(session: Session, environment: Environment, given: string): Promise<LocatedStatement> {
  const { file, line } = fileAndLine(environment.cwd, given);
  const statements = await statementsIn(session, file);
  const fitting = line === undefined ? statements : statements.filter(({ place }) => place.line <= line && line <= place.endLine);
  const [first] = fitting;
  const places = statements
    .map(({ place, what }) => `  ${given.replace(/:\d+$/, "")}:${place.line}  ${oneLine(what).slice(0, 80)}`)
    .join("\n");
  if (!first) {
    throw usage(
      line === undefined ? `${given} holds no SQL statement.` : `There is no SQL statement at ${given}.`,
      places ? `Statements:\n${places}` : "Name a file with SQL or with SQLAlchemy queries.",
    );
  }
  if (fitting.length > 1) throw usage(`${given} holds ${fitting.length} statements.`, `Say which one with its line:\n${places}`);
  return readable(first.only());
}

/** SQL that stands in a file, or ORM code that sends some. */
interface InFile {
  readonly place: LocatedStatement["place"];
  readonly what: string;
  /** @throws OptimizerError where it is not one known statement */
  readonly only: () => LocatedStatement;
}

async function statementsIn({ workspace, context }: Session, file: string): Promise<InFile[]> {
  const [written, translation] = [await workspace.statements(file), await workspace.translations(file, { signal: context.signal })];
  const { queries, text } = "problem" in translation ? { queries: [], text: "" } : translation;
  const orm = queries.filter((query) => !query.written && query.within === undefined);
  const lines = new LineIndex(text);
  // SQL inside ORM code is sent as a part of that code's statement.
  const isFragment = ({ place }: LocatedStatement) => {
    const at = lines.startOf(place.line) + place.column - 1;
    return orm.some(({ span, refused }) => !refused && span.start <= at && at < span.end);
  };
  return [
    ...written.filter((one) => !isFragment(one)).map((one) => ({ place: one.place, what: one.sql, only: () => one })),
    ...orm.map((query) => ({
      place: { file, line: query.line, column: 1, endLine: query.endLine, endColumn: 1 },
      what: text.slice(query.span.start, query.span.end),
      only: () => onlyStatement(query, text),
    })),
  ].sort((a, b) => a.place.line - b.place.line);
}

function onlyStatement(query: TranslatedQuery, text: string): LocatedStatement {
  const { refused, line } = query;
  if (refused) {
    const message = `The SQL of the query at line ${line} is not known: ${refused.reason} (line ${refused.line}).`;
    throw new OptimizerError({ kind: "refused", message, advice: "Only what is certain is explained: give the statement as SQL." });
  }
  const variants = statementsOfQuery(query, text);
  if (variants.length === 1) return variants[0]!.statement;
  const list = variants.map(({ statement, when }) => `  when ${oneLine(when)}\n    ${oneLine(statement.sql)}`).join("\n");
  throw usage(`The query at line ${line} sends one of ${variants.length} statements.`, `Give the one you mean as SQL:\n${list}`);
}

/** @throws OptimizerError with PostgreSQL's own message for what does not parse */
function readable(statement: LocatedStatement): LocatedStatement {
  if (!statement.error) return statement;
  const { message, line, column } = statement.error;
  throw new OptimizerError({
    kind: "usage",
    message: `The statement cannot be read: ${message}`,
    advice: "Mend the statement at the place that is named.",
    position: { line, column },
  });
}

function usage(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}
