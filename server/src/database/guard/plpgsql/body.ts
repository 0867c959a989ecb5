import { mentionsOf, type Mentions } from "../mentions.js";
import { parseOneSync } from "../parse.js";
import { recordDefaults, uncovered } from "./coverage.js";
import { splitAssignment } from "./tokens.js";
import { BodyObjection, parseModes, readRoutine, type Piece, type Routine } from "./tree.js";

/**
 * All names in the body of a function in PL/pgSQL, which the server resolves as it does those of a statement. Throws BodyObjection where the
 * body does more than a query could, SyntaxProblem or OptimizerError where it cannot be read.
 * `created` is the server's CREATE FUNCTION statement for it, `body` what stands between its quotes; `mayWrite`: rows are changed with consent, and rolled back.
 */
export function mentionsOfBody(created: string, body: string, mayWrite = false): Mentions[] {
  const routine = readRoutine(created);
  const pieces = [...routine.pieces, ...defaultsOf(body, routine)];
  const missing = uncovered(body, routine, pieces);
  if (missing !== undefined) throw new BodyObjection(`its body could not be read as a whole (around ${JSON.stringify(missing)})`);
  const all = [...pieces.flatMap(mentionsOfPiece), ...routine.types.flatMap(mentionsOfType)];
  if (!mayWrite && all.some(({ writes, locks }) => writes || locks)) throw new BodyObjection("its body writes or locks rows");
  return all;
}

function defaultsOf(body: string, routine: Routine): Piece[] {
  return recordDefaults(body, routine).map((text) => ({ text, mode: parseModes.expression, isDefault: true }));
}

function mentionsOfPiece({ text, mode }: Piece): Mentions[] {
  if (mode === parseModes.statement) return [mentionsOfQuery(text)];
  if (mode === parseModes.expression) return [mentionsOfQuery(`SELECT ${text}`)];
  if (!parseModes.assignments.some((each) => each === mode))
    throw new BodyObjection(`its body could not be read as a whole (mode ${mode})`);
  const assignment = splitAssignment(text);
  if (!assignment) throw new BodyObjection("its body could not be read as a whole (an assignment)");
  // The target may have subscripts, which are expressions.
  return [mentionsOfQuery(`SELECT ${assignment.target}`), mentionsOfQuery(`SELECT ${assignment.value}`)];
}

const mentionsOfQuery = (text: string): Mentions => mentionsOf(parseOneSync(text));

/** `int`, `app.mood[]`, `app.users%ROWTYPE`, `app.users.name%TYPE`, `other_variable%TYPE`. */
function mentionsOfType(written: string): Mentions[] {
  const borrowed = /^(.*?)%\s*(?:row)?type\b(.*)$/is.exec(written);
  const mentions = mentionsOfQuery(`SELECT NULL::${borrowed?.[1] ?? written}`);
  if (!borrowed) return [mentions];
  const name = mentions.types.at(0) ?? [];
  for (const relation of [name, name.slice(0, -1)]) if (relation.length > 0) mentions.relations.push({ name: relation, written: false });
  mentions.arrays = true;
  return [mentions];
}
