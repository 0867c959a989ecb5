import { createHash } from "node:crypto";
import { OptimizerError } from "#protocol/failure";
import { SyntaxProblem } from "../../sql/engine/engine.js";
import type { Backend } from "../backend.js";
import type { ServerFacts } from "../prepareSession.js";
import { harmful, harmlessVolatile, sequenceChanges } from "./builtin/harmful.js";
import { harmless } from "./builtin/harmless.js";
import { isHarmlessC } from "./builtin/libraries.js";
import { firstUserOid } from "./names.js";
import { Bodies } from "./bodies.js";
import { functionRows, type FunctionRow } from "./details.js";
import { mentionsOf, type Mentions } from "./mentions.js";
import { parseAll } from "./parse.js";
import { mentionsOfBody } from "./plpgsql/body.js";
import { BodyObjection } from "./plpgsql/tree.js";
import { readOtherwise } from "./readOtherwise.js";
import { lookupsOf } from "./lookups.js";
import { pathOf, type Objection, type Reach, type ReachedObject } from "./reach.js";
import { GuardRefusal, type Trustable } from "./refusal.js";

export interface JudgeOptions {
  /** `plan`: nothing VOLATILE runs; `run`: everything runs, read only; `write`: everything runs, rolled back, with consent. */
  readonly purpose: "plan" | "run" | "write";
  /** The statement, to be shown at the start of a path. */
  readonly text: string;
  readonly searchPath: string;
  readonly server: ServerFacts;
  readonly isTrusted: (definitionHash: string) => boolean;
}

export interface Judgement {
  /** Sequences may move although everything is rolled back. */
  readonly changesSequences: boolean;
  /** Tables whose rows may change. */
  readonly changes: readonly string[];
}

/** Settings that a function may make for its own time: they change names, formats and plans, not rights or rows. */
const harmlessSettings =
  /^(search_path|timezone|datestyle|intervalstyle|extra_float_digits|work_mem|jit|plan_cache_mode|random_page_cost|enable_[a-z_]+|client_min_messages|statement_timeout|lock_timeout|row_security)$/i;

/** Follows and judges until nothing is left. Throws a `GuardRefusal` that names every object in the way. */
export async function judge(backend: Backend, reach: Reach, options: JudgeOptions): Promise<Judgement> {
  const objections: Objection[] = [];
  const bodies = new Bodies(reach, options.searchPath);
  let changesSequences = false;
  for (;;) {
    await reach.learnSeparateTypes();
    await reach.follow();
    const functions = reach.take("function");
    if (functions.length === 0) break;
    const byOid = new Map(functions.map((object) => [object.oid, object]));
    for (const row of await functionRows(backend, [...byOid.keys()])) {
      const object = byOid.get(row.oid);
      if (!object) continue;
      object.name = row.name;
      const verdict = await judgeFunction(row, object, { reach, bodies, options });
      if (verdict === "moves a sequence") changesSequences = true;
      else if (verdict !== undefined) objections.push({ object, ...verdict });
    }
  }
  refuseIfAny([...objections, ...reach.objections], options);
  return { changesSequences, changes: reach.written() };
}

type Verdict = undefined | "moves a sequence" | { why: string; definition?: string };

interface Judging {
  readonly reach: Reach;
  readonly bodies: Bodies;
  readonly options: JudgeOptions;
}

async function judgeFunction(row: FunctionRow, object: ReachedObject, judging: Judging): Promise<Verdict> {
  const { definition } = row;
  const { reach, options } = judging;
  if (options.isTrusted(hashOf(definition))) return undefined;
  for (const helper of row.helpers) reach.add("function", helper, object, "helper function");
  for (const type of row.types) reach.add("type", type, object, "type of an argument or result");
  reach.add("operator", row.sortOperator, object, "sort operator");
  await judging.bodies.addSurroundings(ownPath(row), row.definer);
  reach.addTree(row.trees, object, row.hasParsedBody ? "body" : "default of an argument");
  const setting = row.settings.map((line) => line.split("=")[0] ?? "").find((name) => !harmlessSettings.test(name));
  if (setting !== undefined) return { why: `it changes the setting ${setting} while it runs`, definition };
  switch (row.language) {
    case "internal":
      for (const lookup of lookupsOf(row.source)) await reach.addLookup(lookup, object);
      return judgeSymbol(row, object, options);
    case "c":
      // A symbol declared with other types than its own can crash the server: only an extension's script is taken to know them.
      if (row.ofExtension && isHarmlessC(row.library, row.source)) return undefined;
      return { why: "it is written in C, and nobody has reviewed this function for the tool", definition };
    case "sql":
      if (row.oid >= firstUserOid) object.bodyDefinition = definition;
      return row.hasParsedBody ? undefined : judgeText(row, object, judging, sqlBody);
    case "plpgsql":
      object.bodyDefinition = definition;
      return judgeText(row, object, judging, plpgsqlBody);
    default:
      return { why: `it is written in ${row.language}, which can do anything`, definition };
  }
}

function judgeSymbol(
  { oid, source, volatile, definition, kind, ofExtension }: FunctionRow,
  { via }: ReachedObject,
  { purpose }: JudgeOptions,
): Verdict {
  if (sequenceChanges.has(source)) {
    if (purpose === "write") return "moves a sequence";
    // Inside another function, or a domain's check of a literal, it may run while planning, whatever it says of itself.
    if (purpose === "plan" && volatile && (via === undefined || via.kind === "relation")) return undefined;
    return { why: "it moves a sequence, which no rollback undoes" };
  }
  const why = harmful.get(source);
  if (why !== undefined) return { why };
  if (oid >= firstUserOid && !ofExtension && kind !== "a")
    return { why: "it is another name for a symbol of the server, perhaps with other types", definition };
  if (harmless.has(source) || harmlessVolatile.has(source) || kind === "a") return undefined;
  return { why: "it is not on the list of reviewed functions", definition };
}

function ownPath({ settings }: FunctionRow): string | undefined {
  return settings.find((line) => line.toLowerCase().startsWith("search_path="))?.slice("search_path=".length);
}

/** A body kept as text is read like the statement itself. */
async function judgeText(
  row: FunctionRow,
  object: ReachedObject,
  { bodies, options }: Judging,
  read: (row: FunctionRow, mayWrite: boolean) => readonly Mentions[],
): Promise<Verdict> {
  const { definition } = row;
  let all: readonly Mentions[];
  try {
    // With consent, what triggers write is rolled back with the rest.
    all = read(row, options.purpose === "write");
  } catch (error) {
    if (error instanceof BodyObjection) return { why: error.message, definition };
    if (error instanceof SyntaxProblem) return { why: `its body cannot be read: ${error.message.replace(/\.$/, "")}`, definition };
    if (!(error instanceof OptimizerError) || !["refused", "database"].includes(error.failure.kind)) throw error;
    return { why: `its body is more than a query: ${error.failure.message.replace(/\.$/, "")}`, definition };
  }
  for (const mentions of all) {
    const foreign = readOtherwise(mentions, options.server);
    if (foreign) return { why: `in its body ${foreign.what}`, definition };
  }
  await bodies.add(object, all, ownPath(row));
  return undefined;
}

function sqlBody({ source }: FunctionRow, mayWrite: boolean): Mentions[] {
  return parseAll(source).map((statement) => {
    const mentions = mentionsOf(statement);
    if (!mayWrite && (mentions.writes || mentions.locks)) throw new BodyObjection("its body writes or locks rows");
    return mentions;
  });
}

function plpgsqlBody({ created, source }: FunctionRow, mayWrite: boolean): Mentions[] {
  return mentionsOfBody(created, source, mayWrite);
}

export function hashOf(definition: string): string {
  return createHash("sha256").update(definition).digest("hex");
}

const longestShown = 80;

function shortened(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > longestShown ? `${line.slice(0, longestShown)} …` : line;
}

/**
 * What somebody would have to trust: the function of a user whose body leads there, and no more than that, though it calls something that any
 * statement could call; else the object itself, if that can be trusted.
 */
function trustableFor({ object, definition }: Objection): Trustable | undefined {
  let step: ReachedObject | undefined = object;
  while (step && step.bodyDefinition === undefined) step = step.via;
  if (step?.bodyDefinition !== undefined)
    return { name: `${step.kind} ${step.name ?? step.oid}`, definitionHash: hashOf(step.bodyDefinition) };
  return definition === undefined ? undefined : { name: `${object.kind} ${object.name ?? object.oid}`, definitionHash: hashOf(definition) };
}

function refuseIfAny(objections: readonly Objection[], options: JudgeOptions): void {
  const standing = objections.filter(({ definition }) => definition === undefined || !options.isTrusted(hashOf(definition)));
  const [first] = standing;
  if (!first) return;
  const name = `${first.object.kind === "relation" ? "table" : first.object.kind} ${first.object.name ?? first.object.oid}`;
  const others = standing.length > 1 ? ` (and ${standing.length - 1} more like it)` : "";
  const found = standing.map(trustableFor);
  const all = found.every((each) => each !== undefined);
  const trustable = [...new Map(found.flatMap((each) => (each ? [[each.definitionHash, each] as const] : []))).values()];
  throw new GuardRefusal(
    {
      message: `The ${name} may do more than read: ${first.why}${others}. It is reached this way: ${shortened(options.text)} → ${pathOf(first.object)}.`,
      advice: all
        ? "If you know what it does, trust this definition on this connection; otherwise explain the statement without it."
        : "Explain the statement without it.",
    },
    all ? trustable : [],
  );
}
