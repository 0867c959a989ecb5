import { OptimizerError } from "#protocol/failure";
import type { IndexDefinition } from "../session.js";
import { judgeMentions, type GuardContext } from "./guard.js";
import { mentionsOfParts, type Name } from "./mentions.js";
import { parseOne } from "./parse.js";
import { checkText } from "./text.js";

interface IndexStatement {
  readonly relation?: { readonly schemaname?: string; readonly relname?: string };
  readonly accessMethod?: string;
  readonly indexParams?: readonly { IndexElem?: IndexElement }[];
  readonly indexIncludingParams?: readonly object[];
  readonly whereClause?: object;
  readonly unique?: boolean;
  readonly concurrent?: boolean;
  readonly options?: unknown;
  readonly tableSpace?: string;
  readonly excludeOpNames?: unknown;
}

interface IndexElement {
  readonly name?: string;
  readonly expr?: object;
  readonly collation?: unknown;
  readonly opclass?: readonly { String?: { sval?: string } }[];
  readonly opclassopts?: unknown;
}

/** Parses the DDL that we made and makes sure that it says what the definition says, and that its expressions run nothing but what is known. */
export async function checkIndexDefinition(context: GuardContext, index: IndexDefinition, ddl: string): Promise<void> {
  const statement = (await parseOne(checkText(ddl))) as { IndexStmt?: IndexStatement };
  const parsed = statement.IndexStmt;
  const same =
    parsed?.relation?.schemaname === index.schema &&
    parsed.relation.relname === index.table &&
    parsed.accessMethod === index.method &&
    parsed.indexParams?.length === index.keys.length &&
    (parsed.indexIncludingParams?.length ?? 0) === (index.include?.length ?? 0) &&
    (parsed.whereClause !== undefined) === Boolean(index.predicate);
  if (!parsed || !same || parsed.unique || parsed.concurrent || parsed.options || parsed.tableSpace || parsed.excludeOpNames)
    throw new OptimizerError({
      kind: "refused",
      message: `The index definition does not read as it is meant: ${ddl}.`,
      advice: "Name columns, or expressions in parentheses, one for each key.",
    });
  const elements = (parsed.indexParams ?? []).map(({ IndexElem }) => IndexElem ?? {});
  const parts = [...elements.map(({ expr }) => expr), parsed.whereClause].filter((part): part is object => part !== undefined);
  const mentions = mentionsOfParts(parts);
  mentions.relations.push({ name: [index.schema, index.table], written: false });
  const classes: Name[] = elements.flatMap(({ opclass }) => (opclass?.length ? [opclass.map(({ String }) => String?.sval ?? "")] : []));
  await judgeMentions(context, mentions, classes);
}
