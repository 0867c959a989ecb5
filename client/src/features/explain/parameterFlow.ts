import type { ParameterProposal, ProposedValue } from "#protocol/operations";
import { problemOfValue } from "#protocol/parameterProblem";
import type { Parameter, ParameterValue } from "#protocol/statement";
import type { ParameterAnswers } from "./request.js";

/** Where the questions stand: which parameter is asked, and what was answered so far. A value, so that it can be tested and gone back in. */
export interface FlowState {
  readonly parameters: readonly Parameter[];
  readonly index: number;
  readonly answers: readonly (ParameterValue | undefined)[];
}

export type FlowEvent =
  | { readonly kind: "answer"; readonly value: ParameterValue }
  | { readonly kind: "back" }
  | { readonly kind: "forward" }
  | { readonly kind: "generic" }
  | { readonly kind: "cancel" };

export type FlowStep =
  | { readonly kind: "ask"; readonly state: FlowState }
  | { readonly kind: "done"; readonly answers: ParameterAnswers }
  | { readonly kind: "cancelled" };

/** Begins with what was answered last time, so that "forward" walks through it. */
export function begin(parameters: readonly Parameter[], remembered: ParameterAnswers | undefined): FlowStep {
  if (parameters.length === 0) return { kind: "done", answers: { kind: "none" } };
  const values = remembered?.kind === "values" ? remembered.values : [];
  return { kind: "ask", state: { parameters, index: 0, answers: parameters.map((_, index) => values[index]) } };
}

export function next(state: FlowState, event: FlowEvent): FlowStep {
  switch (event.kind) {
    case "cancel":
      return { kind: "cancelled" };
    case "generic":
      return { kind: "done", answers: { kind: "generic" } };
    case "back":
      return { kind: "ask", state: { ...state, index: Math.max(0, state.index - 1) } };
    case "forward":
      return canForward(state) ? step(state) : { kind: "ask", state };
    case "answer":
      return step({ ...state, answers: state.answers.map((old, index) => (index === state.index ? event.value : old)) });
  }
}

export function canForward(state: FlowState): boolean {
  return state.answers[state.index] !== undefined;
}

function step(state: FlowState): FlowStep {
  const index = state.index + 1;
  if (index < state.parameters.length) return { kind: "ask", state: { ...state, index } };
  const missing = state.answers.findIndex((answer) => answer === undefined);
  if (missing >= 0) return { kind: "ask", state: { ...state, index: missing } };
  return { kind: "done", answers: { kind: "values", values: state.answers as ParameterValue[] } };
}

/** `id = ?`, `:name`, or `$2`: how a person knows the parameter again. */
export function parameterTitle(parameter: Parameter): string {
  const name = parameter.name ?? `$${parameter.position}`;
  const column = parameter.column ? `${parameter.column.table}.${parameter.column.column}` : undefined;
  const many = parameter.many === "list" ? "list" : undefined;
  const about = [column, parameter.sqlType ?? parameter.pythonType, many].filter((part) => part !== undefined).join(", ");
  return about ? `${name} (${about})` : name;
}

export function showValue(value: ParameterValue): string {
  return value === null ? "NULL" : value === "" ? "''" : value;
}

/** What may be chosen for one parameter, in the order in which it is shown; each value once, under the first of its origins. */
export interface Choice {
  readonly origin: "typed" | "last" | ProposedValue["source"] | "null";
  readonly value: ParameterValue;
  readonly label?: string;
  readonly estimatedRows?: number;
  /** Why the value cannot be taken: the end of a sentence. */
  readonly problem?: string;
}

const origins = ["code", "running", "statistics"] as const;

export function choices(parameter: Parameter, last: ParameterValue | undefined, typed: string, proposal?: ParameterProposal): Choice[] {
  const sqlType = proposal?.sqlType ?? parameter.sqlType;
  const proposed = proposal?.values ?? [];
  const rowsOf = (value: ParameterValue) => proposed.find((each) => each.value === value)?.estimatedRows;
  const withRows = (choice: Choice): Choice => {
    const estimatedRows = choice.estimatedRows ?? rowsOf(choice.value);
    return estimatedRows === undefined ? choice : { ...choice, estimatedRows };
  };
  const fromCode: Choice[] = parameter.value === undefined ? [] : [{ origin: "code", value: parameter.value, label: "in the code" }];
  const problem = problemOfValue(typed, sqlType, parameter.many);
  const all: Choice[] = [
    ...(typed === "" ? [] : [{ origin: "typed" as const, value: typed, ...(problem === undefined ? {} : { problem }) }]),
    ...(last === undefined ? [] : [{ origin: "last" as const, value: last }]),
    ...fromCode,
    ...origins.flatMap((source) =>
      proposed
        .filter((each) => each.source === source)
        .map(({ value, label, estimatedRows }): Choice => ({
          origin: source,
          value,
          label,
          ...(estimatedRows === undefined ? {} : { estimatedRows }),
        })),
    ),
    ...(parameter.many === "list" ? [] : [{ origin: "null" as const, value: null }]),
  ];
  return all.filter((choice, at) => choice.origin === "null" || all.findIndex(({ value }) => value === choice.value) === at).map(withRows);
}
