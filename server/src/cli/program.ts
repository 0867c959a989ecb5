import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { Severity } from "#protocol/finding";
import { AnalyzerName, Machine } from "#protocol/report";
import { SlowQueryOrder } from "#protocol/workload";
import { check } from "./commands/check.js";
import { explain } from "./commands/explain.js";
import { optimize } from "./commands/optimize.js";
import { plan } from "./commands/plan.js";
import { rules } from "./commands/rules.js";
import { sample } from "./commands/sample.js";
import { slow } from "./commands/slow.js";
import { sql } from "./commands/sql.js";
import { addConnectionOptions } from "./connectionOptions.js";
import type { Environment } from "./environment.js";
import { exit } from "./exit.js";

/** Where a command puts its exit code. */
export interface Outcome {
  code: number;
}

/** The command line as commander sees it; every action is one operation and a way to print it. */
export function program(environment: Environment, outcome: Outcome): Command {
  const act =
    <A extends unknown[]>(run: (environment: Environment, ...args: A) => Promise<number>) =>
    async (...args: A): Promise<void> => {
      outcome.code = await run(environment, ...args);
    };
  const root = new Command("db-optimize")
    .description("Finds slow SQLAlchemy and SQL, explains it on a real PostgreSQL, and proves what would help.")
    .version(environment.version)
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => environment.stdout.write(text),
      writeErr: (text) => environment.stderr.write(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  addOptimize(root).action(act((environment, paths: string[], options) => optimize(environment, paths, options, root.helpInformation())));
  root.addCommand(checkCommand().action(act(check)));
  root.addCommand(sqlCommand().action(act(sql)));
  root.addCommand(explainCommand().action(act(explain)));
  root.addCommand(planCommand().action(act(plan)));
  root.addCommand(slowCommand().action(act(slow)));
  root.addCommand(rulesCommand().action(act(rules)));
  root.addCommand(sampleCommand().action(act(sample)));
  for (const command of root.commands) command.copyInheritedSettings(root);
  return root.addHelpText("after", exitCodes);
}

const exitCodes = `
Exit codes: 0 clean, 1 findings at or above --fail-on, 2 usage, 3 refused, 4 database unreachable, 130 interrupted.`;

function format(...choices: string[]): Option {
  return new Option("--format <format>", "how the result is printed").choices(choices).default(choices[0]);
}

function failOn(otherwise: string): Option {
  const choices = [...Severity.options, "never"];
  return new Option("--fail-on <severity>", `exit with 1 when a finding is this severe or more (default: ${otherwise})`).choices(choices);
}

function addOptimize(command: Command): Command {
  const focus = (flag: string, description: string, others: string[]): Option => new Option(flag, description).conflicts(others);
  command
    .argument("[paths...]", "files and folders; the current folder when left out")
    .addOption(focus("--profile", "measure the database: workload, schema, indexes", ["fixN1", "indexes", "full"]))
    .addOption(focus("--fix-n1", "find N+1 queries, and fix them with --apply", ["profile", "indexes", "full"]))
    .addOption(focus("--indexes", "advise on indexes", ["profile", "fixN1", "full"]))
    .addOption(focus("--full", "run everything", ["profile", "fixN1", "indexes"]))
    .option("--depth <1..5>", "how much is examined; more takes longer", depth)
    .option("--apply", "write safe fixes into the files, and the migration file", false)
    .addOption(new Option("--analyzer <name>", "only this analyzer; may be repeated").argParser(analyzer))
    .option("--ram <size>", "memory of the database server's machine, such as 16GB: for advice on settings", memory)
    .option("--cpus <n>", "its CPUs", cpus)
    .addOption(new Option("--storage <kind>", "its storage").choices(Machine.shape.storage.unwrap().options))
    .addOption(format("text", "markdown", "json"))
    .option("-v, --verbose", "everything in full, as --format markdown shows it", false)
    .option("--output <file>", "write the report into this file")
    .addOption(failOn("never"));
  return addConnectionOptions(command);
}

function checkCommand(): Command {
  return new Command("check")
    .description("find slow ORM and SQL code; needs no database")
    .argument("[paths...]", "files and folders; the current folder when left out")
    .addOption(format("text", "json", "sarif"))
    .addOption(failOn("as the project's settings say, else warning"))
    .option("--rule <id>", "only this rule; may be repeated", collect)
    .option("--baseline <file>", "leave out the findings that this file lists")
    .addOption(new Option("--write-baseline <file>", "write what is found into this file, and exit with 0").conflicts(["fix", "since"]))
    .option("--since <revision>", "only findings on lines changed since this git revision")
    .option("--include-tests", "check tests and migrations too")
    .option("--include-possible", "show findings that are only possible too")
    .option("--fix", "apply the safe fixes to the files", false)
    .option("--no-cache", "compute everything anew");
}

function sqlCommand(): Command {
  return new Command("sql")
    .description("show the SQL that ORM code sends; needs no database")
    .argument("<file[:line]...>", "Python and SQL files, or folders; with a line, only the query expressions there")
    .addOption(format("text", "json"));
}

function explainCommand(): Command {
  const command = new Command("explain")
    .description("explain one statement on a database and suggest indexes for it")
    .argument("[sql]", "the statement; - reads it from standard input")
    .addOption(
      new Option(
        "--file <file[:line]>",
        "take the statement from this file, SQL or what ORM code sends: the one at the line, or the only one",
      ),
    )
    .option("--analyze", "run the statement to measure it (EXPLAIN ANALYZE)", false)
    .option("--param <value>", "the next value of $1, $2, …, or name=value; \\N is NULL; may be repeated", collect, [])
    .addOption(
      new Option("--generic", "plan without values, as a prepared statement is planned").default(false).conflicts(["param", "analyze"]),
    )
    .option("--no-indexes", "suggest no indexes")
    .addOption(format("text", "json"));
  return addConnectionOptions(command);
}

function planCommand(): Command {
  return new Command("plan")
    .description("read a plan that EXPLAIN has written, and say what is slow in it; needs no database")
    .argument("<file>", "EXPLAIN's output as text, JSON, YAML or XML, or a log that holds it; - reads it from standard input")
    .option("--compare <file>", "a plan of the same statement, made later: what changed")
    .addOption(new Option("--plan <n>", "of a text with several plans, this one").argParser(nth).conflicts("compare"))
    .addOption(new Option("--mask", "replace names and literals, the same by the same, to show the plan to others").conflicts("compare"))
    .option("--output <file>", "write into this file")
    .addOption(format("text", "json", "html"));
}

function slowCommand(): Command {
  const command = new Command("slow")
    .description("list the statements that cost most, from pg_stat_statements")
    .addOption(new Option("--order <order>", "what costs most").choices(SlowQueryOrder.options).default("total"))
    .option("--limit <n>", "how many", limit, 20)
    .option("--filter <text>", "only statements that hold this text")
    .addOption(format("text", "json"));
  return addConnectionOptions(command);
}

function rulesCommand(): Command {
  return new Command("rules").description("list the rules").addOption(format("text", "json"));
}

function sampleCommand(): Command {
  return new Command("sample")
    .description("the embedded sample database: start (until Ctrl-C), stop, reset, status")
    .addArgument(new Command().createArgument("<action>", "what to do").choices(["start", "stop", "reset", "status"]))
    .addOption(format("text", "json"));
}

/** Repeated, not variadic: a variadic option would swallow the paths that follow it. */
function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

function analyzer(value: string, earlier: readonly string[] | undefined): string[] {
  if (AnalyzerName.safeParse(value).success) return collect(value, earlier);
  throw new InvalidArgumentError(`Allowed: ${AnalyzerName.options.join(", ")}.`);
}

function wholeNumber(text: string, from: number, to: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < from || number > to) throw new InvalidArgumentError(`Allowed: ${from} to ${to}.`);
  return number;
}
const depth = (text: string): number => wholeNumber(text, 1, 5);
const cpus = (text: string): number => wholeNumber(text, 1, 4096);
const nth = (text: string): number => wholeNumber(text, 1, 100_000);
const limit = (text: string): number => wholeNumber(text, 1, 1000);

/** Bytes; units are powers of 1024, as in postgresql.conf. */
function memory(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([MGT])i?B?$/i.exec(text) ?? [];
  if (amount === undefined || Number(amount) <= 0) throw new InvalidArgumentError("Allowed: a size such as 512MB, 16GB or 1TB.");
  return Number(amount) * 1024 ** ("MGT".indexOf(unit!.toUpperCase()) + 2);
}

/** Commander's own endings: help and version are clean, anything else is wrong usage that it has explained already. */
export function codeOfCommander(error: CommanderError): number {
  return error.exitCode === 0 ? exit.clean : exit.usage;
}
