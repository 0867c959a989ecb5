import type { Plan } from "#protocol/plan";
import type { ForeignKey, Table } from "../../catalog/catalog.js";
import { count, milliseconds, percent } from "../format.js";
import { evidence } from "./costs.js";
import type { InsightRule } from "./insight.js";
import { columnList, sqlName } from "./names.js";
import type { InsightSubject } from "./subject.js";

type Trigger = Plan["triggers"][number];

const leastMs = 5;
const leastShare = 0.1;
/** Looking a key up takes hundredths of a millisecond; a call that takes this long reads a table. */
const slowCallMs = 0.5;

/** Triggers take a large part of the time, foreign keys' among them. */
export const triggerTime: InsightRule = {
  id: "trigger-time",
  docs: {
    summary: "Triggers, often those of foreign keys, take a large part of the time.",
    whatItMeans:
      "Each foreign key is checked by a trigger, once per changed row: on the referencing table it looks the referenced key up; on the referenced table it looks for rows that still refer to the deleted key.",
    whyItCosts:
      "Without an index on the referencing columns each deleted row scans the whole referencing table. The nodes of the plan show none of it.",
    whatToDo: "Create an index on the foreign key's columns. Triggers of your own: make them per statement, or do less in them.",
    silentWhen: "The trigger took less than 5 ms or less than a tenth of the execution.",
    references: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  },
  inspect: (node, subject) => {
    if (!subject.isRoot(node)) return undefined;
    const trigger = [...subject.plan.triggers].sort((a, b) => (b.timeMs ?? 0) - (a.timeMs ?? 0))[0];
    const ms = trigger?.timeMs ?? 0;
    const share = subject.shareOf(ms);
    if (!trigger || ms < leastMs || share < leastShare) return undefined;
    const each = ms / Math.max(trigger.calls, 1);
    const name = trigger.constraint === undefined ? `The trigger ${trigger.name}` : `The check of the foreign key ${trigger.constraint}`;
    const where = trigger.relation === undefined ? "" : ` on ${trigger.relation}`;
    return {
      message: `${name}${where} took ${milliseconds(ms)} for ${count(trigger.calls)} calls (${milliseconds(each)} each), ${percent(share)} of the execution.`,
      ...(trigger.constraint === undefined ? own : foreignKey(trigger, trigger.constraint, each, subject)),
      share,
      evidence: evidence(
        ["Time", milliseconds(ms)],
        ["Calls", count(trigger.calls)],
        ["Time of one call", milliseconds(each)],
        ["Constraint", trigger.constraint],
      ),
    };
  },
};

const own = {
  advice:
    "Make the trigger fire once per statement (REFERENCING … TABLE), let WHEN keep it from rows it does not concern, or do less in it.",
};

interface Mending {
  readonly advice: string;
  readonly sql?: string;
}

function foreignKey(trigger: Trigger, constraint: string, each: number, subject: InsightSubject): Mending {
  const known = find(constraint, trigger.relation, subject);
  if (known && !isIndexed(known.table, known.key)) {
    const columns = columnList(known.key.columns);
    return {
      advice: `${known.table.name} (${columns}) has no index: each call reads the whole table. Create one.`,
      sql: `CREATE INDEX CONCURRENTLY ON ${sqlName(known.table.schema)}.${sqlName(known.table.name)} (${columns});`,
    };
  }
  if (!known && each >= slowCallMs)
    return {
      advice: `A call this slow reads a table: if rows are deleted or keys updated, the columns of ${constraint} have no index on the referencing table. Create one.`,
    };
  return {
    advice: `One look-up per row cannot be avoided while the constraint stands: change fewer rows per statement, or check at the end of the transaction (DEFERRABLE INITIALLY DEFERRED) to let go of it sooner.`,
  };
}

/** The foreign key, where the trigger is the one on the referenced table, which looks for referring rows. */
function find(name: string, relation: string | undefined, subject: InsightSubject): { table: Table; key: ForeignKey } | undefined {
  for (const table of subject.catalog?.tables ?? []) {
    const key = table.foreignKeys.find((candidate) => candidate.name === name);
    if (key && (relation === undefined || relation === key.referencedTable)) return { table, key };
  }
  return undefined;
}

function isIndexed(table: Table, key: ForeignKey): boolean {
  const wanted = new Set(key.columns);
  return table.indexes.some((index) => {
    const leading = index.keys.slice(0, wanted.size).map(({ column }) => column);
    return index.valid && index.predicate === undefined && leading.every((column) => column !== undefined && wanted.has(column));
  });
}
