import { userFile, type Surroundings } from "./files.js";

export interface PassfileKey {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

export interface PassfileAnswer {
  readonly password?: string;
  /** Why the file was not used, for a person. */
  readonly warning?: string;
}

/** Looks the password up in ~/.pgpass (or PGPASSFILE) by libpq's rules: first line that fits wins, `*` fits all, `\` escapes. */
export function passwordFromPassfile(key: PassfileKey, around: Surroundings): PassfileAnswer {
  const path = around.env.PGPASSFILE ?? userFile(around, ".pgpass", "pgpass.conf");
  const file = around.read(path);
  if (!file) return {};
  if (!around.windows && (file.mode & 0o077) !== 0)
    return { warning: `${path} can be read by others and is ignored, as libpq does. Run: chmod 600 ${path}` };
  // libpq calls a socket in a folder "localhost".
  const host = key.host.startsWith("/") ? "localhost" : key.host;
  const wanted = [host, String(key.port), key.database, key.user];
  for (const line of file.text.split(/\r?\n/)) {
    const fields = line.startsWith("#") ? [] : splitLine(line);
    if (fields.length === 5 && wanted.every((value, at) => fields[at] === "*" || unescape(fields[at]) === value))
      return { password: unescape(fields[4]) };
  }
  return {};
}

/** Fields still escaped: only then `*` and `\*` differ. */
function splitLine(line: string): string[] {
  return line === ""
    ? []
    : (line.match(/(?:^|:)((?:[^\\:]|\\.)*)/gs) ?? []).map((field, at) => (at === 0 && !field.startsWith(":") ? field : field.slice(1)));
}

function unescape(field: string | undefined): string {
  return (field ?? "").replace(/\\(.)/gs, "$1");
}
