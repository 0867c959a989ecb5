import { textTable } from "../../report/index.js";
import type { Environment } from "../environment.js";
import { exit } from "../exit.js";
import { withSession } from "../session.js";

export async function rules(environment: Environment, flags: { readonly format: "text" | "json" }): Promise<number> {
  return withSession(environment, {}, async (session) => {
    const { rules } = await session.run("listRules", {});
    if (flags.format === "json") await session.print(JSON.stringify({ rules }, null, 2));
    else {
      const columns = [
        { title: "rule" },
        { title: "severity" },
        { title: "on" },
        { title: "fix" },
        { title: "languages" },
        { title: "what it finds" },
      ];
      const rows = rules.map((rule) => [
        rule.id,
        rule.severity,
        rule.enabled ? "yes" : "no",
        rule.fix ?? "-",
        rule.languages.join(", "),
        rule.summary,
      ]);
      await session.print(textTable(columns, rows, session.style).join("\n"));
    }
    return exit.clean;
  });
}
