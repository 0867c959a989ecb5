import type { Plan, PlanInsight, PlanNode } from "../plan.js";
import { planJson } from "../planJson.js";
import { maskTokens } from "./lexer.js";
import { isSetting, Masker, type MaskOptions, type TextKind } from "./masker.js";

export type { MaskOptions } from "./masker.js";

/** A plan that can be shown to strangers: the tree and all measurements stay, names and literals are replaced, the same by the same. */
export function maskPlan(plan: Plan, options: MaskOptions): Plan {
  return new PlanMasker(plan, options).plan();
}

/** Keys of a detail whose value is one name. */
const nameKeys: Readonly<Record<string, string>> = {
  "CTE Name": "cte",
  "Function Name": "function",
  "Table Function Name": "function",
  "Tuplestore Name": "name",
  "Relation Name": "table",
  "Index Name": "index",
  Schema: "schema",
  Alias: "alias",
  Window: "name",
};
/** Parts of keys whose values are expressions, however simple they look. */
const expressionKeys = ["Cond", "Filter", "Key", "Output", "Order By", "SQL", "Query", "Call", "Expression", "Param"];
/** A fact has none of these. */
const syntax = ["(", "'", '"', "=", "<", ">", "::", "~"];
/** Fields of the model that say where something belongs, or use words of ours. */
const structural = new Set(
  "id parent children includedIn inside gather node rule severity relationship figure cause of options sortSpaceType".split(" "),
);
const prose = new Set(["message", "advice", "notes", "note"]);

/** Masks everything of one plan and what is said beside it, with one memory of names. */
export class PlanMasker {
  readonly masker: Masker;

  constructor(
    private readonly original: Plan,
    private readonly options: MaskOptions,
    ...others: readonly string[]
  ) {
    const words = [JSON.stringify(original), ...others].flatMap((text) => maskTokens(text).map((token) => token.text));
    this.masker = new Masker(options, new Set(words));
    this.#collect();
  }

  /** Names that stand where nothing else can stand come first: afterwards they are known in every text. */
  #collect(): void {
    const { masker, original } = this;
    for (const node of original.nodes) {
      const named: readonly (readonly [string | undefined, string])[] = [
        [node.schema, "schema"],
        [node.relation, "table"],
        [node.index, "index"],
        ...node.details.map(({ key, value }) => [nameKeys[key] === undefined ? undefined : value, nameKeys[key] ?? "name"] as const),
        [cteName(node.subplanName), "cte"],
        [node.alias, "alias"],
      ];
      for (const [name, kind] of named) if (name !== undefined) masker.name(name, kind);
    }
    for (const { name, constraint, relation } of original.triggers) {
      if (relation !== undefined) masker.name(relation, "table");
      if (constraint !== undefined) masker.name(constraint, "constraint");
      masker.name(name, "trigger");
    }
  }

  plan(): Plan {
    // Sentences last: they are searched for the names that everything else has made known.
    const nodes = this.original.nodes.map((node) => this.#node(node));
    const { insights, notes, source: _, nodes: __, settings, ...rest } = this.original;
    const masked: Plan = {
      ...(this.#value(rest, "") as typeof rest),
      settings: settings.map((setting) => this.#setting(setting)),
      nodes,
      insights: insights.map((insight) => this.#insight(insight)),
      ...(notes ? { notes: this.#value(notes, "notes") as typeof notes } : {}),
      source: "",
    };
    return withSource(masked);
  }

  /** Its statement first: it may name what is in the catalog and not in the plan, and the sentences beside it name that too. */
  #insight(insight: PlanInsight): PlanInsight {
    const { message, advice, evidence, sql, ...rest } = insight;
    const statement = sql === undefined ? {} : { sql: this.masker.text(sql, "statement") };
    return {
      ...rest,
      message: this.sentence(message),
      advice: this.sentence(advice),
      ...(evidence ? { evidence: evidence.map(({ label, value }) => ({ label: this.sentence(label), value: this.sentence(value) })) } : {}),
      ...statement,
    };
  }

  sentence(text: string): string {
    return this.masker.prose(this.#whole(text));
  }

  #node(node: PlanNode): PlanNode {
    const { notes, ...rest } = node;
    return { ...(this.#value(rest, "") as typeof rest), ...(notes ? { notes: notes.map((note) => this.sentence(note)) } : {}) };
  }

  /** Every text that is not known to be harmless is masked, those that this code has never heard of too. */
  #value(value: unknown, field: string): unknown {
    if (typeof value === "string") return this.#string(field, value);
    if (Array.isArray(value))
      return field === "details" ? value.map((item) => this.#detail(item)) : value.map((item) => this.#value(item, field));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, structural.has(key) ? inner : this.#value(inner, key)]));
  }

  #string(field: string, text: string): string {
    if (prose.has(field)) return this.sentence(text);
    switch (field) {
      case "schema":
      case "relation":
      case "index":
      case "alias":
      case "name":
      case "constraint":
        return this.masker.name(text);
      case "type":
      case "operation":
      case "title":
        return this.#title(text);
      case "queryText":
        return this.masker.text(text, "statement");
      default:
        return this.masker.text(text, this.#kindOf(field, text));
    }
  }

  /** A function's or extension's own words in brackets are masked; EXPLAIN's words are not. */
  #title(text: string): string {
    return this.masker.text(text, "title");
  }

  #detail(item: unknown): { key: string; value: string } {
    const { key, value } = item as { key: string; value: string };
    if (nameKeys[key] !== undefined) return { key, value: this.masker.name(value, nameKeys[key]) };
    const nested = jsonIn(value);
    if (nested !== undefined) return { key, value: JSON.stringify(this.#value(nested, key)) };
    return { key, value: this.masker.text(value, this.#kindOf(key, value)) };
  }

  #kindOf(key: string, value: string): TextKind {
    if (expressionKeys.some((part) => key.includes(part)) || syntax.some((sign) => value.includes(sign))) return "expression";
    return "fact";
  }

  #setting({ key, value }: { key: string; value: string }): { key: string; value: string } {
    if (!this.options.literals && !this.options.names) return { key, value };
    const harmless = isSetting(key) && key !== "search_path" && key !== "role" && key !== "session_authorization";
    return { key: isSetting(key) ? key : this.masker.name(key, "setting"), value: harmless ? value : "masked" };
  }

  /** Expressions and titles that a sentence quotes are replaced as a whole: beside prose nobody could tell their words and numbers. */
  #whole(text: string): string {
    return this.#quotable.reduce((sentence, [original, masked]) => sentence.replaceAll(original, () => masked), text);
  }

  get #quotable(): readonly (readonly [string, string])[] {
    return (this.#quotes ??= [
      ...new Map(
        this.original.nodes.flatMap((node) => [
          [node.title, this.#title(node.title)] as const,
          ...node.details
            .filter(({ key, value }) => value.length > 3 && this.#kindOf(key, value) === "expression" && jsonIn(value) === undefined)
            .map(({ key, value }) => [value, this.#detail({ key, value }).value] as const),
        ]),
      ),
    ].sort(([a], [b]) => b.length - a.length));
  }

  #quotes: readonly (readonly [string, string])[] | undefined;
}

/** "CTE recent" names a CTE. */
function cteName(subplan: string | undefined): string | undefined {
  return subplan?.startsWith("CTE ") ? subplan.slice(4) : undefined;
}

function jsonIn(value: string): object | undefined {
  if (!value.startsWith("{") && !value.startsWith("[")) return undefined;
  try {
    return JSON.parse(value) as object;
  } catch {
    return undefined;
  }
}

/** The server's own text is full of names: the masked plan is written anew. */
function withSource(plan: Plan): Plan {
  const { text, lines } = planJson(plan);
  return { ...plan, source: text, nodes: plan.nodes.map((node) => ({ ...node, lines: lines.get(node.id) })) };
}
