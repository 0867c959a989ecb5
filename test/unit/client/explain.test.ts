import { describe, expect, test } from "vitest";
import type { LocatedStatement, Parameter } from "#protocol/statement";
import { recall, remember, type Memory } from "../../../client/src/features/explain/memory.js";
import { begin, choices, next, parameterTitle, type FlowEvent, type FlowStep } from "../../../client/src/features/explain/parameterFlow.js";
import { keyOf, shortSql, type ParameterAnswers } from "../../../client/src/features/explain/request.js";

function statement(sql: string, place: [number, number, number, number] = [1, 1, 1, 10]): LocatedStatement {
  const [line, column, endLine, endColumn] = place;
  return { sql, original: sql, placeholders: "none", parameters: [], place: { file: "a.sql", line, column, endLine, endColumn } };
}

const parameters: Parameter[] = [{ position: 1, name: "id" }, { position: 2 }, { position: 3 }];
const say = (value: string | null): FlowEvent => ({ kind: "answer", value });
const [back, forward, generic, cancel]: FlowEvent[] = [{ kind: "back" }, { kind: "forward" }, { kind: "generic" }, { kind: "cancel" }];

/** Plays events; the result is the asked parameter's number, the answers, or "cancelled". */
function checkFlow(
  events: readonly FlowEvent[],
  remembered: ParameterAnswers | undefined,
  expected: number | ParameterAnswers | "cancelled",
) {
  let step: FlowStep = begin(parameters, remembered);
  for (const event of events) {
    if (step.kind !== "ask") throw new Error(`The flow was over before ${event.kind}.`);
    step = next(step.state, event);
  }
  if (step.kind === "ask") expect(step.state.index + 1).toBe(expected);
  else expect(step.kind === "done" ? step.answers : "cancelled").toEqual(expected);
}

describe("the flow of parameters", () => {
  const values = (...list: (string | null)[]): ParameterAnswers => ({ kind: "values", values: list });
  test.each<[string, FlowEvent[], ParameterAnswers | undefined, number | ParameterAnswers | "cancelled"]>([
    ["begins at the first", [], undefined, 1],
    ["one after another", [say("1")], undefined, 2],
    ["all answered", [say("1"), say(null), say("x")], undefined, values("1", null, "x")],
    ["back at the first stays", [back!], undefined, 1],
    ["back keeps what was said", [say("1"), back!, forward!], undefined, 2],
    ["forward needs an answer", [forward!], undefined, 1],
    ["an answer can be changed", [say("1"), back!, say("2"), say("b"), say("c")], undefined, values("2", "b", "c")],
    ["forward through what is remembered", [forward!, forward!, forward!], values("1", null, "3"), values("1", null, "3")],
    ["one of the remembered is changed", [forward!, say("x"), forward!], values("1", "2", "3"), values("1", "x", "3")],
    ["an empty text is a value", [say(""), say(""), say("")], undefined, values("", "", "")],
    ["generic at any time", [say("1"), generic!], undefined, { kind: "generic" }],
    ["given up", [say("1"), cancel!], undefined, "cancelled"],
  ])("%s", (_name, events, remembered, expected) => checkFlow(events, remembered, expected));

  test("nothing to ask", () => expect(begin([], undefined)).toEqual({ kind: "done", answers: { kind: "none" } }));
});

test.each<[Parameter, string]>([
  [{ position: 2 }, "$2"],
  [{ position: 1, name: "id" }, "id"],
  [{ position: 1, name: "id", column: { table: "users", column: "id" }, sqlType: "bigint" }, "id (users.id, bigint)"],
  [{ position: 1, name: "ids", pythonType: "list[int]", many: "list" }, "ids (list[int], list)"],
])("title of %j", (parameter, title) => expect(parameterTitle(parameter)).toBe(title));

describe("what can be chosen", () => {
  const proposal = {
    position: 1,
    sqlType: "bigint",
    values: [
      { value: "7", label: "most common value", source: "statistics" as const, estimatedRows: 900 },
      { value: "8", label: "runs now", source: "running" as const },
      { value: null, label: "a comparison with NULL meets no row", source: "statistics" as const, estimatedRows: 0 },
    ],
  };
  const checkChoices = (parameter: Parameter, last: string | null | undefined, typed: string, offered: boolean, expected: string[]) => {
    const words = choices(parameter, last, typed, offered ? proposal : undefined).map(({ origin, value, estimatedRows, problem }) =>
      [origin, value ?? "NULL", estimatedRows, problem?.split(":")[0]].filter((word) => word !== undefined).join(" "),
    );
    expect(words).toEqual(expected);
  };
  const one = { position: 1 };
  test.each<[string, Parameter, string | null | undefined, string, boolean, string[]]>([
    ["nothing known", one, undefined, "", false, ["null NULL"]],
    ["the last value first", one, "3", "", true, ["last 3", "running 8", "statistics 7 900", "statistics NULL 0", "null NULL 0"]],
    ["the last value is the common one", one, "7", "", true, ["last 7 900", "running 8", "statistics NULL 0", "null NULL 0"]],
    ["the code's value", { ...one, value: "5" }, undefined, "", false, ["code 5", "null NULL"]],
    ["typed, with its rows", one, undefined, "7", true, ["typed 7 900", "running 8", "statistics NULL 0", "null NULL 0"]],
    [
      "typed, of another type",
      one,
      undefined,
      "x",
      true,
      ["typed x is no bigint", "running 8", "statistics 7 900", "statistics NULL 0", "null NULL 0"],
    ],
    ["a list cannot be NULL", { ...one, many: "list" }, undefined, "1,2", false, ["typed 1,2"]],
  ])("%s", (_name, ...checked) => checkChoices(...checked));
});

describe("remembered answers", () => {
  const memory: Memory = [{ key: "k", answers: { kind: "values", values: ["1"] } }];
  test("are found by key", () => expect(recall(memory, "k", 1)).toEqual({ kind: "values", values: ["1"] }));
  test("are dropped when the number of placeholders changed", () => expect(recall(memory, "k", 2)).toBeUndefined());
  test("replace older ones", () =>
    expect(remember(memory, "k", { kind: "generic" })).toEqual([{ key: "k", answers: { kind: "generic" } }]));
  test("are bounded", () => {
    let many: Memory = [];
    for (let i = 0; i < 500; i++) many = remember(many, String(i), { kind: "generic" });
    expect(many).toHaveLength(200);
    expect(many[0]?.key).toBe("499");
  });
});

test("a statement without a key is known by its text, without layout", () => {
  expect(keyOf(statement("select\n  1"))).toBe(keyOf(statement("select 1")));
  expect(keyOf({ ...statement("select 1"), key: "f:1" })).toBe("f:1");
});

test("long SQL is cut", () => {
  expect(shortSql("select  1", 20)).toBe("select 1");
  expect(shortSql("select aaaaaaaaaaaaaaaaaaaa", 10)).toBe("select aa…");
});
