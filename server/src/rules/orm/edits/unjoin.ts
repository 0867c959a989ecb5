import type { OrmIndex, QueryValue } from "../../../orm/index.js";
import type { FixDraft } from "../../rule.js";
import type { JoinedBranch } from "../joinedBranches.js";
import { titled } from "../loadProblem.js";
import { References } from "./chains.js";
import { distinctEdits, type Edit } from "./edit.js";
import { calleeSpan, callsOf, wordOfCall } from "./optionCalls.js";
import { placed, isGeneric } from "./placement.js";

/** Leaves one joined collection and loads the others with `selectinload`; undefined where not all of them can be changed. */
export function withoutProduct(index: OrmIndex, query: QueryValue, branches: readonly JoinedBranch[]): FixDraft | undefined {
  // What the mapping joins may stay joined, if it is the only one.
  const [kept, ...others] = [...branches].sort((a, b) => Number(a.place !== undefined) - Number(b.place !== undefined));
  if (!kept) return undefined;
  const edits = others.map((branch) => (branch.place ? renamed(index, branch) : added(index, query, branch)));
  if (edits.some((edit) => !edit)) return undefined;
  const all = distinctEdits(edits.flatMap((edit) => edit ?? []));
  const elsewhere = others.some(({ place }) => place && place.file !== query.site.file);
  const reasons = elsewhere ? ["other queries may use the option too"] : [];
  const names = others.map(({ way }) => way.at(-1)!.name);
  return {
    title: titled(`Load ${names.map((name) => `\`${name}\``).join(", ")} with selectinload`, reasons),
    applicability: reasons.length ? "unsafe" : "safe",
    edits: all,
  };
}

/** `joinedload(` becomes `selectinload(`. */
function renamed(index: OrmIndex, { way, place }: JoinedBranch): Edit[] | undefined {
  const facts = place && index.files.get(place.file);
  if (!place || !facts) return undefined;
  const name = way.at(-1)!.name;
  const call = callsOf(facts, place).find(({ args }) => {
    const value = args.at(-1)?.value;
    return args.length === 1 && (value?.kind === "attribute" ? value.name === name : value?.kind === "string" && value.value === name);
  });
  const span = call && wordOfCall(call) === "joinedload" ? calleeSpan(call) : undefined;
  if (!call || !span) return undefined;
  if (call.callee.kind === "attribute") return [{ file: place.file, span, newText: "selectinload" }];
  const references = new References(index, place.file, place.start);
  const text = references.orm("selectinload");
  return references.failed ? undefined : [...references.edits, { file: place.file, span, newText: text }];
}

function added(index: OrmIndex, query: QueryValue, { way }: JoinedBranch): Edit[] | undefined {
  const [relationship, ...more] = way;
  const target = query.targets.find((one) => one.value.kind === "entityClass" && one.value.entity === relationship?.owner);
  if (!relationship || more.length > 0 || !target?.text || isGeneric(index, query, target)) return undefined;
  const { file, start } = query.site;
  const references = new References(index, file, start);
  const option = `${references.orm("selectinload")}(${target.text}.${relationship.name})`;
  if (references.failed) return undefined;
  return [...references.edits, placed(query, option, index.files.get(file)?.crlf ? "\r\n" : "\n")];
}
