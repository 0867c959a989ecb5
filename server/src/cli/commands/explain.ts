import { OptimizerError } from "#protocol/failure";
import { listsOf, type LocatedStatement, type ParameterValue } from "#protocol/statement";
import { oneLine, planText, suggestionText } from "../../report/index.js";
import { readStatement } from "../../operations/index.js";
import { chooseConnection } from "../connection.js";
import type { ConnectionOptions } from "../connectionOptions.js";
import type { Environment } from "../environment.js";
import { exit } from "../exit.js";
import { fileAndLine } from "../fileAndLine.js";
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
  const text = sql === "-" ? await readAll(environment) : sql!;
  if (text.trim() === "") throw usage("There is no statement in what was given.", "Give exactly one SQL statement.");
  return readStatement(text);
}

async function statementInFile(session: Session, environment: Environment, given: string): Promise<LocatedStatement> {
  const { file, line } = fileAndLine(environment.cwd, given);
  const statements = await session.workspace.statements(file);
  const fitting = line === undefined ? statements : statements.filter(({ place }) => place.line <= line && line <= place.endLine);
  const [first] = fitting;
  const places = statements
    .map(({ place, sql }) => `  ${given.replace(/:\d+$/, "")}:${place.line}  ${oneLine(sql).slice(0, 80)}`)
    .join("\n");
  if (!first) {
    throw usage(
      line === undefined ? `${given} holds no SQL statement.` : `There is no SQL statement at ${given}.`,
      places ? `Statements:\n${places}` : "Name a file with SQL.",
    );
  }
  if (fitting.length > 1) throw usage(`${given} holds ${fitting.length} statements.`, `Say which one with its line:\n${places}`);
  return readable(first);
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

/** More than any statement: a file that was piped in by mistake shall not fill the memory. */
const longestInput = 16 * 1024 * 1024;

async function readAll({ stdin }: Environment): Promise<string> {
  let text = "";
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > longestInput) throw usage("Standard input is longer than 16 MB.", "Give exactly one SQL statement.");
  }
  return text;
}

function usage(message: string, advice: string): OptimizerError {
  return new OptimizerError({ kind: "usage", message, advice });
}
