import { sqlSummary, sqlText } from "../../report/index.js";
import type { Environment } from "../environment.js";
import { exit } from "../exit.js";
import { fileAndLine } from "../fileAndLine.js";
import { relativeTo, targetOf } from "../paths.js";
import { withSession } from "../session.js";

export interface SqlFlags {
  readonly format: "text" | "json";
}

export async function sql(environment: Environment, given: string[], { format }: SqlFlags): Promise<number> {
  const { cwd } = environment;
  const asked = given.map((one) => fileAndLine(cwd, one));
  const { folders } = targetOf(
    asked.map(({ file }) => file),
    cwd,
  );
  return withSession(environment, { folders }, async (session) => {
    const relative = relativeTo(cwd);
    const places = asked.map(({ file, line }) => ({ path: file, ...(line === undefined ? {} : { line }) }));
    const result = await session.run("translate", { places });
    const queries = result.queries.map((query) => ({ ...query, file: relative(query.file) }));
    for (const { file, message } of result.warnings) {
      await session.note(`${session.style.yellow("warning")}: ${file === undefined ? "" : `${relative(file)}: `}${message}`);
    }
    if (format === "json") await session.print(JSON.stringify({ queries }, null, 2));
    else {
      if (queries.length > 0) await session.print(sqlText(queries, environment.stdout.columns ?? 104, session.style));
      await session.note(sqlSummary(queries, result.files, session.style));
    }
    return exit.clean;
  });
}
