import type { FieldFact, FunctionFact } from "../facts.js";
import type { Stmt } from "../ir.js";
import type { FactsBuilder, Mutable } from "./builder.js";

/** Assignments of a class's body, in order, those under `if TYPE_CHECKING` and the like included. */
export function collectFields(statements: readonly Stmt[], into: FieldFact[]): void {
  for (const statement of statements) {
    if (statement.kind === "assign") {
      for (const target of statement.targets) {
        if (target.kind !== "name") continue;
        const { start, end, annotation, value } = statement;
        into.push({ name: target.id, start, end, ...(annotation ? { annotation } : {}), ...(value ? { value } : {}) });
      }
    } else if (statement.kind === "if") {
      for (const branch of statement.branches) collectFields(branch.body, into);
      if (statement.else) collectFields(statement.else, into);
    } else if (statement.kind === "try" || statement.kind === "with") collectFields(statement.body, into);
  }
}

/** Functions of a class's body: they learn whose methods they are. */
export function collectMethods(builder: FactsBuilder, statements: readonly Stmt[], classIndex: number, into: number[]): void {
  for (const statement of statements) {
    if (statement.kind === "function") {
      (builder.functions[statement.index] as Mutable<FunctionFact>).class = classIndex;
      into.push(statement.index);
    } else if (statement.kind === "if") {
      for (const branch of statement.branches) collectMethods(builder, branch.body, classIndex, into);
      if (statement.else) collectMethods(builder, statement.else, classIndex, into);
    }
  }
}
