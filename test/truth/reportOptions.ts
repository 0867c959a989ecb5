import { parseArgs } from "node:util";

export interface ReportOptions {
  /** Only this version of SQLAlchemy. */
  readonly version: string | undefined;
  /** Execute, and leave out what is held against the execution. */
  readonly truth: boolean;
  readonly details: boolean;
  /** Write the list of what is known not to be right. */
  readonly write: boolean;
  /** What names of programs or paths begin with. */
  readonly prefix: string | undefined;
}

/**
 * Reads a report's command line.
 * @param list the list that `--write-LIST` writes
 * @throws TypeError for an option that does not exist
 */
export function readReportOptions(args: string[], list: string): ReportOptions {
  const flag = { type: "boolean" } as const;
  const options = { version: { type: "string" }, truth: flag, details: flag, [`write-${list}`]: flag } as const;
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
  const given: Readonly<Record<string, string | boolean | undefined>> = values;
  return {
    version: values.version,
    truth: values.truth === true,
    details: values.details === true,
    write: given[`write-${list}`] === true,
    prefix: positionals[0],
  };
}
