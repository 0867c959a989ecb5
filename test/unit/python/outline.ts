import type { Expr, Pattern, Stmt } from "../../../server/src/python/index.js";

/** Lowered code written out again, in one fixed form: what a test compares. */
export function write(expr: Expr): string {
  const all = (items: readonly Expr[]) => items.map(write).join(", ");
  switch (expr.kind) {
    case "name":
      return expr.id;
    case "attribute":
      return `${write(expr.of)}.${expr.name}`;
    case "call":
      return `${write(expr.callee)}(${expr.args.map((arg) => `${"*".repeat(arg.splat ?? 0)}${arg.name ? `${arg.name}=` : ""}${write(arg.value)}`).join(", ")})`;
    case "subscript":
      return `${write(expr.of)}[${write(expr.index)}]`;
    case "slice":
      return `slice(${all(expr.parts)})`;
    case "string":
      return JSON.stringify(expr.value);
    case "format":
      return `${expr.template ? "t" : "f"}{${all(expr.parts)}}`;
    case "number":
      return expr.text;
    case "constant":
      return String(expr.value);
    case "list":
      return `[${all(expr.items)}]`;
    case "tuple":
      return `(${all(expr.items)})`;
    case "set":
      return `{${all(expr.items)}}`;
    case "dict":
      return `{${expr.entries.map(({ key, value }) => `${key ? write(key) : "**"}: ${write(value)}`).join(", ")}}`;
    case "splat":
      return `*${write(expr.value)}`;
    case "comprehension":
      return `${expr.of}<${expr.key ? `${write(expr.key)}: ` : ""}${write(expr.element)} ${expr.clauses
        .map((one) =>
          one.kind === "for" ? `${one.async ? "async " : ""}for ${write(one.target)} in ${write(one.iter)}` : `if ${write(one.test)}`,
        )
        .join(" ")}>`;
    case "lambda":
      return `lambda(${expr.params.map((param) => param.name).join(", ")}: ${write(expr.body)})`;
    case "await":
      return `await(${write(expr.value)})`;
    case "conditional":
      return `(${write(expr.test)} ? ${write(expr.then)} : ${write(expr.else)})`;
    case "operator":
      return `(${expr.op} ${all(expr.items)})`;
    case "walrus":
      return `(${expr.target} := ${write(expr.value)})`;
    case "yield":
      return `yield${expr.from ? "*" : ""}(${expr.value ? write(expr.value) : ""})`;
    case "other":
      return `other(${all(expr.items)})`;
  }
}

/** One line per statement, blocks indented. */
export function outline(statements: readonly Stmt[], indent = ""): string {
  return statements.map((statement) => `${indent}${line(statement, `${indent}  `)}`).join("\n");
}

function line(statement: Stmt, inner: string): string {
  const body = (statements: readonly Stmt[] | undefined, head: string) =>
    statements?.length ? `${head}\n${outline(statements, inner)}` : head;
  const under = inner.slice(2);
  switch (statement.kind) {
    case "expression":
      return write(statement.value);
    case "assign":
      return `${[...statement.targets.map(write), ...(statement.annotation ? [`: ${write(statement.annotation)}`] : []), ...(statement.value ? [write(statement.value)] : [])].join(" = ")}`;
    case "augment":
      return `${write(statement.target)} ${statement.op} ${write(statement.value)}`;
    case "return":
      return `return ${statement.value ? write(statement.value) : ""}`.trim();
    case "raise":
      return `raise ${statement.values.map(write).join(", ")}`.trim();
    case "for":
      return [
        body(statement.body, `${statement.async ? "async " : ""}for ${write(statement.target)} in ${write(statement.iter)}`),
        ...(statement.else ? [body(statement.else, `${under}else`)] : []),
      ].join("\n");
    case "while":
      return body(statement.body, `while ${write(statement.test)}`);
    case "if":
      return [
        ...statement.branches.map((branch, at) => body(branch.body, `${at ? `${under}elif` : "if"} ${write(branch.test)}`)),
        ...(statement.else ? [body(statement.else, `${under}else`)] : []),
      ].join("\n");
    case "with":
      return body(
        statement.body,
        `${statement.async ? "async " : ""}with ${statement.items.map((item) => write(item.value) + (item.target ? ` as ${write(item.target)}` : "")).join(", ")}`,
      );
    case "try":
      return [
        body(statement.body, "try"),
        ...statement.handlers.map((one) =>
          body(one.body, `${under}except ${one.type ? write(one.type) : ""}${one.name ? ` as ${one.name}` : ""}`),
        ),
        ...(statement.else ? [body(statement.else, `${under}else`)] : []),
        ...(statement.finally ? [body(statement.finally, `${under}finally`)] : []),
      ].join("\n");
    case "match":
      return [
        `match ${write(statement.subject)}`,
        ...statement.cases.map((one) =>
          body(one.body, `${under}case ${writePattern(one.pattern)}${one.guard ? ` if ${write(one.guard)}` : ""}`),
        ),
      ].join("\n");
    case "other":
      return `other ${statement.items.map(write).join(", ")}`.trim();
    default:
      return "index" in statement ? `${statement.kind} ${statement.index}` : statement.kind;
  }
}

function writePattern(pattern: Pattern): string {
  const all = (items: readonly Pattern[], between: string) => items.map(writePattern).join(between);
  switch (pattern.kind) {
    case "value":
      return write(pattern.value);
    case "capture": {
      const name = pattern.name ?? "_";
      return pattern.of ? `${writePattern(pattern.of)} as ${name}` : name;
    }
    case "class": {
      const named = pattern.named.map((one) => `${one.name}=${writePattern(one.pattern)}`);
      return `${write(pattern.type)}(${[...pattern.items.map(writePattern), ...named].join(", ")})`;
    }
    case "sequence":
      return `[${all(pattern.items, ", ")}]`;
    case "star":
      return `*${pattern.name ?? "_"}`;
    case "mapping": {
      const entries = pattern.entries.map(({ key, pattern: inner }) => `${write(key)}: ${writePattern(inner)}`);
      return `{${[...entries, ...(pattern.rest === undefined ? [] : [`**${pattern.rest}`])].join(", ")}}`;
    }
    case "or":
      return `(${all(pattern.items, " | ")})`;
    case "other":
      return "other";
  }
}
