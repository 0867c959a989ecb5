import {
  childrenOf,
  forEachExpr,
  partsOf,
  type CallExpr,
  type Expr,
  type FileFacts,
  type FunctionFact,
  type Stmt,
} from "../python/index.js";
import type { RowsRead } from "../sql/source.js";

// Follows the rows of one textual statement by names, through the function that sends it. What leaves it otherwise ends the knowledge.

type Role = "sql" | "result" | "row";
type Names = ReadonlyMap<string, Role>;

interface Seen {
  readonly columns: Set<string>;
  tested: boolean;
  whole: boolean;
  unknown: boolean;
  sent: boolean;
  /** The result has a name, or was asked for rows. */
  taken: boolean;
  /** The value of a `return` is looked at. */
  returning: boolean;
}

/** What the code does with the rows of the statement whose text begins at this offset; undefined where that cannot be seen. */
export function rowsRead(facts: FileFacts, literalStart: number): RowsRead | undefined {
  const seen: Seen = { columns: new Set(), tested: false, whole: false, unknown: false, sent: false, taken: false, returning: false };
  const constant = constantOf(facts, literalStart);
  const holders = facts.functions.filter((one, index) =>
    constant === undefined ? index === functionAt(facts, literalStart) : index > 0 && mentions(one, constant),
  );
  for (const holder of holders) new Reader(facts, literalStart, constant, seen, 0).run(holder, new Map());
  if (!seen.sent || seen.unknown) return undefined;
  if (seen.whole) return { kind: "whole" };
  if (seen.columns.size > 0) return { kind: "columns", columns: [...seen.columns] };
  if (seen.tested) return { kind: "existence" };
  return seen.taken ? { kind: "nothing" } : undefined;
}

function functionAt(facts: FileFacts, offset: number): number {
  let best = 0;
  for (const [index, { start, end }] of facts.functions.entries())
    if (index > 0 && start <= offset && offset < end && start >= facts.functions[best]!.start) best = index;
  return best;
}

/** The name of the module's or a class's constant that the text is. */
function constantOf(facts: FileFacts, at: number): string | undefined {
  for (const { fields } of facts.classes) for (const field of fields) if (field.value && holds(field.value, at)) return field.name;
  for (const stmt of facts.functions[0]?.body ?? [])
    if (stmt.kind === "assign" && stmt.value && holds(stmt.value, at) && stmt.targets[0]?.kind === "name") return stmt.targets[0].id;
  return undefined;
}
const holds = (expr: Expr, at: number): boolean =>
  (expr.kind === "string" && expr.start === at) || childrenOf(expr).some((one) => holds(one, at));

function mentions(one: FunctionFact, name: string): boolean {
  let found = false;
  forEachExpr(one.body, (expr) => {
    if ((expr.kind === "name" && expr.id === name) || (expr.kind === "attribute" && expr.name === name)) found = true;
  });
  return found;
}

const statementMethods = new Set(["execution_options", "bindparams", "columns", "strip", "format"]);
const lists = new Set(["all", "fetchall", "mappings", "unique", "fetchmany", "yield_per", "partitions"]);
const single = new Set(["first", "one", "one_or_none", "fetchone"]);
const models = new Set(["from_orm", "model_validate", "parse_obj", "from_row"]);
const maxDepth = 3;

class Reader {
  #names: Map<string, Role> = new Map();

  constructor(
    private readonly facts: FileFacts,
    private readonly literal: number,
    private readonly constant: string | undefined,
    private readonly seen: Seen,
    private readonly depth: number,
  ) {}

  run(one: FunctionFact, given: Names): void {
    this.#names = new Map(given);
    this.#block(one.body);
    // What a nested function does with them is not followed.
    const own = this.facts.functions.indexOf(one);
    const names = new Set(this.#names.keys());
    if (own > 0 && this.facts.functions.some((nested) => nested.parent === own && [...names].some((name) => mentions(nested, name))))
      this.seen.unknown = true;
  }

  #block(body: readonly Stmt[]): void {
    for (const stmt of body) this.#stmt(stmt);
  }

  /** Both ways may have been gone. */
  #either(...ways: (() => void)[]): void {
    const before = new Map(this.#names);
    const after = new Map<string, Role>();
    for (const way of ways) {
      this.#names = new Map(before);
      way();
      for (const [name, role] of this.#names) after.set(name, role);
    }
    this.#names = after;
  }

  #stmt(stmt: Stmt): void {
    switch (stmt.kind) {
      case "expression":
        this.#dropped(stmt.value);
        return;
      case "assign":
        this.#assign(stmt.targets, stmt.value);
        return;
      case "for":
        this.#loop(stmt.target, stmt.iter, () => this.#block(stmt.body));
        this.#block(stmt.else ?? []);
        return;
      case "while":
        this.#test(stmt.test);
        this.#either(
          () => {},
          () => {
            this.#block(stmt.body);
            this.#block(stmt.body);
          },
        );
        return;
      case "if":
        stmt.branches.forEach(({ test }) => this.#test(test));
        this.#either(
          ...stmt.branches.map(
            ({ body }) =>
              () =>
                this.#block(body),
          ),
          () => this.#block(stmt.else ?? []),
        );
        return;
      case "with":
        for (const { value, target } of stmt.items) this.#assign(target ? [target] : [], value);
        this.#block(stmt.body);
        return;
      case "try":
        this.#block(stmt.body);
        this.#either(
          () => this.#block(stmt.else ?? []),
          ...stmt.handlers.map(
            ({ body }) =>
              () =>
                this.#block(body),
          ),
        );
        this.#block(stmt.finally ?? []);
        return;
      case "match":
        this.#escape(stmt.subject);
        this.#either(
          ...stmt.cases.map(
            ({ body }) =>
              () =>
                this.#block(body),
          ),
        );
        return;
      case "return":
        this.seen.returning = true;
        if (stmt.value) this.#escape(stmt.value);
        this.seen.returning = false;
        return;
      default:
        partsOf(stmt).exprs.forEach((expr) => this.#escape(expr));
    }
  }

  #assign(targets: readonly Expr[], value: Expr | undefined): void {
    const role = value && this.#role(value);
    const names = targets.flatMap((target) => (target.kind === "name" ? [target.id] : []));
    if (role !== undefined && names.length !== targets.length && role !== "sql") this.seen.unknown = true;
    if (role === "result" || role === "row") this.seen.taken = true;
    for (const name of names)
      if (role === undefined) this.#names.delete(name);
      else this.#names.set(name, role);
    for (const target of targets) if (target.kind !== "name") childrenOf(target).forEach((part) => this.#escape(part));
  }

  #loop(target: Expr, iter: Expr, body: () => void): void {
    const role = this.#role(iter);
    if (role === "result") this.seen.taken = true;
    const bind = () => {
      if (role === "result" && target.kind !== "name") this.seen.unknown = true;
      // A row's values one after the other.
      if (role === "row") this.seen.unknown = true;
      if (target.kind !== "name") return;
      if (role === "result") this.#names.set(target.id, "row");
      else this.#names.delete(target.id);
    };
    this.#either(
      () => {},
      () => {
        bind();
        body();
        bind();
        body();
      },
    );
  }

  /** An expression whose value nobody takes. */
  #dropped(expr: Expr): void {
    const call = expr.kind === "await" ? expr.value : expr;
    const role = this.#role(expr);
    if (role !== "result") return;
    // A driver's cursor is its own result.
    const receiver =
      call.kind === "call" && call.callee.kind === "attribute" && call.callee.name === "execute" ? call.callee.of : undefined;
    if (receiver?.kind === "name") this.#names.set(receiver.id, "result");
    else if (receiver) this.seen.unknown = true;
  }

  /** Whether there is a row, and nothing more. */
  #test(expr: Expr): void {
    if (
      expr.kind === "operator" &&
      (expr.op === "not" || expr.op === "is" || expr.op === "is not" || expr.op === "and" || expr.op === "or")
    )
      return expr.items.forEach((item) => this.#test(item));
    const role = this.#role(expr);
    if (role !== undefined && role !== "sql") this.seen.tested = true;
  }

  /** Used as a value: a row or a result that gets here is out of sight. */
  #escape(expr: Expr): void {
    const role = this.#role(expr);
    if (role === "result" || role === "row") this.seen.unknown = true;
  }

  /** What an expression is to the statement; what is below it is looked at. */
  #role(expr: Expr): Role | undefined {
    switch (expr.kind) {
      case "string":
        return expr.start === this.literal ? "sql" : undefined;
      case "name":
        return expr.id === this.constant && !this.#names.has(expr.id) ? "sql" : this.#names.get(expr.id);
      case "await":
        return this.#role(expr.value);
      case "attribute":
        return this.#attribute(expr);
      case "subscript":
        return this.#subscript(expr);
      case "call":
        return this.#call(expr);
      case "conditional": {
        this.#test(expr.test);
        const [then, other] = [this.#role(expr.then), this.#role(expr.else)];
        return then ?? other;
      }
      case "comprehension":
        return this.#comprehension(expr);
      case "walrus": {
        const role = this.#role(expr.value);
        if (role) this.#names.set(expr.target, role);
        return role;
      }
      case "operator":
        if (["not", "is", "is not", "and", "or"].includes(expr.op)) this.#test(expr);
        else childrenOf(expr).forEach((item) => this.#escape(item));
        return undefined;
      default:
        childrenOf(expr).forEach((item) => this.#escape(item));
        return undefined;
    }
  }

  #attribute(expr: Expr & { kind: "attribute" }): Role | undefined {
    if (expr.name === this.constant && expr.of.kind === "name") return "sql";
    const role = this.#role(expr.of);
    if (role === "row" && expr.name === "_mapping") return "row";
    if (role === "row") this.seen.columns.add(expr.name);
    if (role === "result" && expr.name !== "rowcount") this.seen.unknown = true;
    return undefined;
  }

  #subscript(expr: Expr & { kind: "subscript" }): Role | undefined {
    const role = this.#role(expr.of);
    if (role === "row" && expr.index.kind === "string") this.seen.columns.add(expr.index.value);
    else if (role === "row") this.seen.unknown = true;
    this.#escape(expr.index);
    return role === "result" ? (expr.index.kind === "slice" ? "result" : "row") : undefined;
  }

  #comprehension(expr: Expr & { kind: "comprehension" }): Role | undefined {
    const before = new Map(this.#names);
    for (const clause of expr.clauses)
      if (clause.kind === "if") this.#test(clause.test);
      else {
        const role = this.#role(clause.iter);
        if (role === "row" || (role === "result" && clause.target.kind !== "name")) this.seen.unknown = true;
        if (clause.target.kind === "name") {
          if (role === "result") this.#names.set(clause.target.id, "row");
          else this.#names.delete(clause.target.id);
        }
      }
    if (expr.key) this.#escape(expr.key);
    const element = this.#role(expr.element);
    this.#names = before;
    if (element === "row" && (expr.of === "list" || expr.of === "generator")) return "result";
    if (element !== undefined && element !== "sql") this.seen.unknown = true;
    return undefined;
  }

  #call(call: CallExpr): Role | undefined {
    const { callee } = call;
    const word = callee.kind === "attribute" ? callee.name : callee.kind === "name" ? callee.id : "";
    const on = callee.kind === "attribute" ? this.#role(callee.of) : undefined;
    if (on === "sql") return this.#arguments(call, statementMethods.has(word) ? "sql" : undefined);
    if (on === "result" || on === "row") return this.#method(call, on, word);
    if (callee.kind !== "attribute" && callee.kind !== "name") this.#escape(callee);
    const roles = call.args.map(({ value }) => this.#role(value));
    const at = roles.findIndex((role) => role !== undefined);
    const role = roles[at];
    if (role === undefined) return undefined;
    if (role === "sql") return this.#send(word);
    return this.#handed(call, word, role, at);
  }

  #arguments<T>(call: CallExpr, result: T): T {
    call.args.forEach(({ value }) => this.#escape(value));
    return result;
  }

  #send(word: string): Role | undefined {
    if (word === "text") return "sql";
    if (["execute", "exec", "stream", "fetch", "scalars"].includes(word)) {
      this.seen.sent = true;
      if (word === "scalars") this.seen.unknown = true;
      return "result";
    }
    if (word === "fetchrow") {
      this.seen.sent = true;
      return "row";
    }
    // Handed to something else, which sends it or not.
    this.seen.unknown = true;
    return undefined;
  }

  #method(call: CallExpr, on: Role, word: string): Role | undefined {
    this.#arguments(call, undefined);
    if (word !== "execute") this.seen.taken = true;
    if (on === "row") {
      if (word === "_asdict") this.#wholeIfReturned();
      else if (word === "get" && call.args[0]?.value.kind === "string") this.seen.columns.add(call.args[0].value.value);
      else this.seen.unknown = true;
      return undefined;
    }
    if (lists.has(word)) return "result";
    if (single.has(word)) return "row";
    if (word === "execute") {
      // The cursor is used again for another statement.
      if (call.callee.kind === "attribute" && call.callee.of.kind === "name") this.#names.delete(call.callee.of.id);
      return undefined;
    }
    if (word !== "close") this.seen.unknown = true;
    return undefined;
  }

  /** Of a dictionary that stays here some keys may be read. */
  #wholeIfReturned(): void {
    if (this.seen.returning) this.seen.whole = true;
    else this.seen.unknown = true;
  }

  /** A row or a result as an argument. */
  #handed(call: CallExpr, word: string, role: Role, at: number): Role | undefined {
    const { splat } = call.args[at]!;
    if (role === "result" && ["list", "tuple", "iter", "reversed"].includes(word)) return "result";
    if (role === "result" && word === "next") return "row";
    if (["len", "bool", "any"].includes(word)) {
      this.seen.tested = true;
      return undefined;
    }
    if (role === "row" && (word === "dict" || word === "asdict") && !splat) {
      this.#wholeIfReturned();
      return undefined;
    }
    if (role === "row" && (splat === 2 || models.has(word))) {
      this.seen.whole = true;
      return undefined;
    }
    const target = call.callee.kind === "name" && !splat ? this.#function(word) : undefined;
    const parameter = target?.params[at];
    if (target && parameter && !parameter.splat && !call.args[at]!.name && this.depth < maxDepth)
      new Reader(this.facts, -1, undefined, this.seen, this.depth + 1).run(target, new Map([[parameter.name, role]]));
    else this.seen.unknown = true;
    return undefined;
  }

  #function(name: string): FunctionFact | undefined {
    const found = this.facts.functions.filter(
      (one, index) => index > 0 && one.name === name && one.parent === 0 && one.class === undefined,
    );
    return found.length === 1 && found[0]!.decorators.length === 0 ? found[0] : undefined;
  }
}
