import type { ServerFacts } from "../prepareSession.js";
import type { Mentions } from "./mentions.js";

/** Why a server may read other names in a text than our parser does, which is that of the newest version, in UTF-8. */
export interface OtherReading {
  /** Completes "In the statement …" and "in its body …". */
  readonly what: string;
  readonly why: string;
  readonly advice: string;
}

export function readOtherwise(
  mentions: Mentions,
  { version, encoding }: Pick<ServerFacts, "version" | "encoding">,
): OtherReading | undefined {
  const major = Math.floor(version / 10_000);
  for (const [construct, since] of mentions.newSyntax)
    if (major < since)
      return {
        what: `stands ${construct}, which PostgreSQL ${major} does not have`,
        why: "An older server reads it as a call of an ordinary function, which nobody has looked at.",
        advice: `Explain it on PostgreSQL ${since} or newer.`,
      };
  if (encoding !== "UTF8" && !namesAreAscii(mentions))
    return {
      what: `stand names with other than ASCII letters, and the database's encoding is ${encoding}`,
      why: "Such a server may fold their case in its own way, so they cannot be looked up safely.",
      advice: "Give the objects names in ASCII, or explain on a database in UTF8.",
    };
  return undefined;
}

function namesAreAscii(mentions: Mentions): boolean {
  const names = [
    ...mentions.relations.map(({ name }) => name),
    ...mentions.functions.map(({ name }) => name),
    ...mentions.types,
    ...mentions.operators.map(({ name }) => name),
  ];
  return names.every((name) => name.every((part) => [...part].every((letter) => letter < "\u0080")));
}
