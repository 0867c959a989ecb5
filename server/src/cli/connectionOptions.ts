import { Option, type Command } from "commander";
import { ConnectionClass } from "#protocol/connection";

export interface ConnectionOptions {
  readonly dsn?: string;
  readonly service?: string;
  readonly envFile?: string;
  readonly class?: ConnectionClass;
  readonly sample?: boolean;
}

/** Adds what says which database is meant. Without any of it, DATABASE_URL and the PG* variables are read. */
export function addConnectionOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--dsn <url>", "postgresql://user@host/database (a password is better kept in PGPASSWORD or ~/.pgpass)").conflicts([
        "service",
        "sample",
        "envFile",
      ]),
    )
    .addOption(new Option("--service <name>", "a service of pg_service.conf").conflicts(["sample", "envFile"]))
    .addOption(new Option("--env-file <file>", "read DATABASE_URL or PG* variables from this file").conflicts("sample"))
    .addOption(new Option("--sample", "use the embedded sample database"))
    .addOption(
      new Option(
        "--class <class>",
        "what may happen on the connection: disposable may be written to for proofs, production asks before ANALYZE",
      ).choices(ConnectionClass.options.filter((option) => option !== "sample")),
    );
}
