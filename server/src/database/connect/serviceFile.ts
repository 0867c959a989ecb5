import { join } from "node:path";
import { OptimizerError } from "#protocol/failure";
import { fromPairs } from "./dsn.js";
import { userFile, type Surroundings } from "./files.js";
import type { PartialParameters } from "./parameters.js";

/** The parameters of `[name]` in pg_service.conf: PGSERVICEFILE, else the user's file, else the system's. */
export function parametersOfService(name: string, around: Surroundings): PartialParameters {
  const own = around.env.PGSERVICEFILE ?? userFile(around, ".pg_service.conf", ".pg_service.conf");
  const systems = around.env.PGSYSCONFDIR ? [around.env.PGSYSCONFDIR] : ["/etc/postgresql-common", "/etc"];
  const paths = [own, ...systems.map((folder) => join(folder, "pg_service.conf"))];
  for (const path of paths) {
    const section = sectionOf(around.read(path)?.text ?? "", name);
    if (section) return fromPairs(section);
  }
  throw new OptimizerError({
    kind: "usage",
    message: `The service "${name}" is in none of ${paths.join(", ")}.`,
    advice: `Add a section [${name}] with host=, port=, dbname= and user= to ${own}.`,
  });
}

function sectionOf(text: string, name: string): Map<string, string> | undefined {
  let found: Map<string, string> | undefined;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("[")) {
      if (found) return found;
      if (line === `[${name}]`) found = new Map();
    } else if (found) {
      const at = line.indexOf("=");
      if (at > 0) found.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
    }
  }
  return found;
}
