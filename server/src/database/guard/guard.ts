import type { ConnectionProfile } from "#protocol/connection";
import { OptimizerError } from "#protocol/failure";
import type { AskConsent } from "#protocol/messages";
import type { Backend } from "../backend.js";
import type { ServerFacts } from "../prepareSession.js";
import { inTransaction } from "../transaction.js";
import { judge, type Judgement, type JudgeOptions } from "./judge.js";
import { mentionsOf, type Mentions, type Name } from "./mentions.js";
import { checkOwnGround } from "./ownGround.js";
import { parseOne } from "./parse.js";
import { Reach } from "./reach.js";
import { readOtherwise } from "./readOtherwise.js";
import { refuse } from "./refusal.js";
import { clearNames } from "./shapes.js";
import { checkText } from "./text.js";
import type { TrustStore } from "./trust.js";

/** `plan`: EXPLAIN alone; `analyze`: the statement is run. */
export type Purpose = "plan" | "analyze";

export interface GuardRequest {
  readonly sql: string;
  readonly purpose: Purpose;
  /** Our own CREATE INDEX comes before the plan: on connections that may be written to. */
  readonly createsIndexes?: boolean;
  readonly consent: (question: AskConsent.Params) => Promise<boolean>;
}

export interface GuardContext {
  readonly backend: Backend;
  readonly facts: ServerFacts;
  readonly profile: ConnectionProfile;
  readonly trust: TrustStore;
}

/** A statement that may be sent, inside the transaction that the guard has opened for it. */
export interface Passed {
  /** One statement, to be put behind EXPLAIN's own options. */
  readonly text: string;
  readonly parameters: number;
  readonly writes: boolean;
  readonly notes: readonly string[];
}

/**
 * The one door for text from outside. Parses, judges everything that the statement can make the server run, asks for consent where it is
 * needed, and calls `work` inside a transaction that is rolled back whatever happens.
 * @throws GuardRefusal, or OptimizerError where the text is not one statement.
 */
export async function passGuard<T>(context: GuardContext, request: GuardRequest, work: (passed: Passed) => Promise<T>): Promise<T> {
  const { backend, facts, profile, trust } = context;
  const text = checkText(request.sql);
  const statement = await parseOne(text);
  const mentions = mentionsOf(statement);
  const isClear = clearNames(statement);
  if (isClear) mentions.isClear = isClear;
  checkSyntax(mentions, facts, request);
  const writes = mentions.writes && request.purpose === "analyze";
  if (writes && facts.replica)
    throw refuse(
      `${backend.target} is a replica, and the statement changes data.`,
      "A replica cannot run it, not even to roll it back.",
      "Explain it without ANALYZE, or analyse it on the primary.",
    );
  const options: JudgeOptions = {
    purpose: request.purpose === "plan" ? "plan" : writes ? "write" : "run",
    text,
    searchPath: facts.searchPath,
    server: facts,
    isTrusted: (hash) => trust.has(profile.id, hash),
  };
  const limits = { statementTimeoutSeconds: profile.statementTimeout };
  const judged = () => judgeAll(backend, mentions, options);
  if (writes || (request.purpose === "analyze" && profile.class === "production")) {
    // Nobody is asked about what would be refused anyway, and no transaction waits while a person thinks.
    const { changes } = await inTransaction(backend, { ...limits, mode: "READ ONLY" }, judged);
    await ask(context, request, text, writes ? changes : undefined);
  }
  return inTransaction(
    backend,
    { ...limits, mode: writes || mayCreateIndexes(context, request) ? "READ WRITE" : "READ ONLY" },
    async () => {
      const judgement = await judged();
      return work({ text, parameters: mentions.parameters, writes, notes: writes ? notesOfRollback(judgement) : [] });
    },
  );
}

/** Judges expressions of an index definition, inside a transaction that is open already. They run on every row, so nothing is "only planned". */
export async function judgeMentions(context: GuardContext, mentions: Mentions, operatorClasses: readonly Name[]): Promise<void> {
  const { backend, facts, profile, trust } = context;
  await judgeAll(
    backend,
    mentions,
    {
      purpose: "run",
      text: "index definition",
      searchPath: facts.searchPath,
      server: facts,
      isTrusted: (hash) => trust.has(profile.id, hash),
    },
    operatorClasses,
  );
}

async function judgeAll(
  backend: Backend,
  mentions: Mentions,
  options: JudgeOptions,
  operatorClasses: readonly Name[] = [],
): Promise<Judgement> {
  await checkOwnGround(backend);
  const reach = new Reach(backend, options.purpose === "plan");
  try {
    if (operatorClasses.length > 0) await reach.addOperatorClasses(operatorClasses, options.searchPath);
    await reach.addNames(mentions, options.searchPath, undefined);
    return await judge(backend, reach, options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refuse(
      "The statement reaches more objects than can be looked at.",
      "What is not looked at is not sent.",
      "Explain a smaller part of it.",
    );
  }
}

function mayCreateIndexes({ profile, facts }: GuardContext, { createsIndexes, purpose }: GuardRequest): boolean {
  return !facts.replica && createsIndexes === true && purpose === "plan" && (profile.class === "sample" || profile.class === "disposable");
}

/** The protocol counts placeholders in two bytes. */
const mostParameters = 65_535;

function checkSyntax(mentions: Mentions, facts: ServerFacts, { purpose }: GuardRequest): void {
  if (mentions.parameters > mostParameters)
    throw refuse(
      `The statement has a placeholder $${mentions.parameters}.`,
      `PostgreSQL takes at most ${mostParameters.toLocaleString("en")} values.`,
      "Number the placeholders from $1 without gaps, or pass an array.",
    );
  const otherwise = readOtherwise(mentions, facts);
  if (otherwise) throw refuse(`In the statement ${otherwise.what}.`, otherwise.why, otherwise.advice);
  if (mentions.locks && purpose === "analyze")
    throw refuse(
      "The statement locks rows (FOR UPDATE, FOR SHARE).",
      "Running it would make other sessions wait.",
      "Explain it without ANALYZE, or without the locking clause.",
    );
}

const longestShown = 2_000;

/** Asked anew for every statement and every run; the answer is kept nowhere. The tables come before the text, whose end may be cut off. */
async function ask({ profile, backend }: GuardContext, request: GuardRequest, text: string, changes?: readonly string[]): Promise<void> {
  const production = profile.class === "production";
  const writes = changes !== undefined;
  const shown = text.length > longestShown ? `${text.slice(0, longestShown)} …` : text;
  const granted = await request.consent({
    title: writes
      ? `Run this data-changing statement on ${profile.name}?`
      : `Run this statement on the production connection ${profile.name}?`,
    detail: [
      `ANALYZE runs the statement on ${backend.target}${writes ? " and rolls it back" : ", read only"}.`,
      ...(writes
        ? [
            `It changes rows of ${changes.join(", ")}.`,
            "Rows are locked while it runs; sequences, dead rows and written log are not undone.",
          ]
        : ["It takes as long and as many resources as the statement itself."]),
      "",
      shown,
    ].join("\n"),
    action: writes ? "Run and Roll Back" : "Run",
    ...(production ? { typeToConfirm: profile.name } : {}),
  });
  if (granted) return;
  throw new OptimizerError({
    kind: "refused",
    message: writes
      ? "ANALYZE would run a statement that changes data, and nobody has agreed to that."
      : `ANALYZE on the production connection "${profile.name}" needs consent, and nobody has given it.`,
    advice: "Explain it without ANALYZE, or agree when asked.",
  });
}

function notesOfRollback({ changesSequences }: Judgement): string[] {
  return [
    "The statement was run and rolled back. The rollback does not undo dead rows and index entries (vacuum will), written log, or the time for which rows were locked.",
    ...(changesSequences ? ["It took values from sequences: those numbers are used up."] : []),
  ];
}
