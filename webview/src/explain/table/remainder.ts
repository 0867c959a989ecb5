import type { Plan } from "#protocol/plan";
import type { Column } from "./columns.js";

/** A line below the nodes. */
export interface Remainder {
  readonly label: string;
  readonly value: (column: Column) => number | undefined;
  readonly total?: boolean;
}

/** What is no node's: with these lines a column of own parts sums up to the whole execution. */
export function remaindersOf(plan: Plan): Remainder[] {
  const only = (id: string, value: number | undefined) => (column: Column) => (column.id === id ? value : undefined);
  const triggers = plan.triggers.flatMap(({ timeMs }) => timeMs ?? []);
  const lines: Remainder[] = [
    ...(triggers.length > 0 ? [{ label: "Triggers", value: only("self", sum(triggers)) }] : []),
    ...(plan.serializationMs === undefined ? [] : [{ label: "Serialization", value: only("self", plan.serializationMs) }]),
    { label: "Unattributed", value: (column) => column.unattributed?.(plan) },
    { label: "Execution", value: (column) => column.total?.(plan), total: true },
  ];
  return plan.analyzed ? lines : [];
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
