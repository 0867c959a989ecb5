import { partsOf, type CallExpr, type Expr, type Stmt } from "../../python/index.js";
import { lastWord, ormWord } from "../project/names.js";
import { membersOf, unknown, type Value } from "../values/value.js";
import type { Evaluator } from "./evaluator.js";
import { namesIn } from "./executions.js";
import { executeStatement, isWriting } from "./sessions.js";
import { looksLikeSql } from "./sqlTexts.js";
import { iterationsOfNames } from "./varying.js";

const sends = new Set(["execute", "scalar", "scalars", "stream", "stream_scalars"]);
const connects = new Set(["engine", "get_engine()", "create_engine()", "create_async_engine()", "connect()", "begin()", "connection()"]);

/**
 * `engine.execute("…")` of SQLAlchemy 1.x, `connection.execute(text("…"))`: something that is no session sends a statement. `text()` and
 * `table.insert()` make a statement that only SQLAlchemy can send; a string is one where the receiver is an engine or what an engine gives. Undefined for
 * anything else: thread pools and drivers' cursors execute too.
 */
export function engineCall(
  ev: Evaluator,
  of: Value,
  callee: Expr,
  at: { name: string; call: CallExpr; args: readonly Value[]; awaited: boolean },
): Value | undefined {
  if ((at.name === "connect" || at.name === "begin") && isEngine(of, callee))
    return { kind: "session", async: of.kind === "external" && of.name.includes("async"), proved: true };
  const [statement] = at.args;
  if (!statement || !sends.has(at.name)) return undefined;
  const members = membersOf(statement);
  const isText = members.some((one) => one.kind === "text" || isWriting(one));
  const isSql = members.some((one) => (one.kind === "string" ? looksLikeSql(one.literal) : one.kind === "unknown"));
  if (!isText && !(isSql && isEngine(of, callee))) return undefined;
  // Another connection in each round: one statement for all rounds could not be sent.
  const behind = iterationsOfNames(ev, opened(ev.fn.body, namesIn(callee)));
  if (ev.active.some((iteration) => behind.has(iteration))) return unknown;
  return executeStatement(ev, at, at.awaited);
}

/** The names, and those that a `with` makes them of. */
function opened(body: readonly Stmt[], names: ReadonlySet<string>): ReadonlySet<string> {
  const reached = new Set(names);
  const look = (statements: readonly Stmt[]): void => {
    for (const statement of statements) {
      for (const { value, target } of statement.kind === "with" ? statement.items : [])
        if (target?.kind === "name" && names.has(target.id)) namesIn(value, reached);
      partsOf(statement).blocks.forEach(look);
    }
  };
  look(body);
  return reached;
}

function isEngine(of: Value, callee: Expr): boolean {
  const outside = of.kind === "symbol" ? of.symbol : of;
  if (outside.kind === "external") return connects.has(lastWord(outside.name)) && ormWord(outside) !== undefined;
  // `db.engine`, where nothing is known of `db`.
  return (
    of.kind === "unknown" && callee.kind === "attribute" && callee.name === "engine" && callee.of.kind === "name" && callee.of.id === "db"
  );
}
