import type { PlanIndex } from "./planIndex.js";
import { startingNode } from "./planIndex.js";
import { availableMeasures, type HeatMeasure } from "./heat.js";
import { searchPlan } from "./search.js";
import { partitionsOf, type PartitionGroup } from "./tree/partitions.js";

export const planTabs = ["tree", "table", "flame", "text", "sql"] as const;
export type PlanTab = (typeof planTabs)[number];

export const sideTabs = ["advice", "node"] as const;
export type SideTab = (typeof sideTabs)[number];

/** What the reader chose. Kept while the page is hidden, and shared by all views. */
export interface Choices {
  readonly tab: PlanTab;
  readonly side: SideTab;
  readonly measure: HeatMeasure;
  readonly search: string;
  /** The plan's shape (`PlanIndex.key`) that the following belong to: another plan starts anew, a second run does not. */
  readonly plan: string;
  /** A node, or a group of partitions. */
  readonly selected: string;
  readonly folded: readonly string[];
  readonly unfolded: readonly string[];
}

/** How the plan is looked at, the same in every view. */
export interface PlanViewState {
  readonly tab: PlanTab;
  readonly side: SideTab;
  /** What colours the nodes; always one that this plan has numbers for. */
  readonly measure: HeatMeasure;
  readonly measures: readonly HeatMeasure[];
  /** Always the id of a node of the plan, be it hidden below a folded one or not. */
  readonly selected: string;
  /** When several partitions are selected as one: these. `selected` is the first of them. */
  readonly group: PartitionGroup | undefined;
  readonly search: string;
  /** Ids of the nodes that the search finds, in the plan's order. */
  readonly matches: readonly string[];
  readonly matched: ReadonlySet<string>;
  /** Place of the selected node among the matches, from 0; -1 when it is none. */
  readonly match: number;
  /** Nodes whose subtrees are hidden. */
  readonly folded: ReadonlySet<string>;
  /** Groups of sibling partitions (`PartitionGroup.id`) whose members are shown one by one. */
  readonly unfolded: ReadonlySet<string>;
}

export type ViewAction =
  | { readonly type: "select"; readonly node: string; readonly side?: SideTab }
  | { readonly type: "tab"; readonly tab: PlanTab }
  | { readonly type: "side"; readonly side: SideTab }
  | { readonly type: "measure"; readonly measure: HeatMeasure }
  | { readonly type: "search"; readonly text: string }
  | { readonly type: "match"; readonly step: 1 | -1 }
  /** `open` false hides what is below a node, or shows a group of partitions as one. */
  | { readonly type: "fold"; readonly id: string; readonly open: boolean };

export const firstChoices: Choices = {
  tab: "tree",
  side: "advice",
  measure: "time",
  search: "",
  plan: "",
  selected: "",
  folded: [],
  unfolded: [],
};

/** The choices as they apply to this plan. */
export function viewOf(index: PlanIndex, choices: Choices): PlanViewState {
  const own = choices.plan === index.key;
  const measures = availableMeasures(index);
  const matches = searchPlan(index, choices.search);
  const group = own ? partitionsOf(index).byId.get(choices.selected) : undefined;
  const chosen = group?.members[0]?.id ?? (own ? choices.selected : "");
  const selected = index.nodes.has(chosen) ? chosen : startingNode(index);
  return {
    tab: choices.tab,
    side: choices.side,
    measure: measures.includes(choices.measure) ? choices.measure : firstMeasure(index, measures),
    measures,
    selected,
    group,
    search: choices.search,
    matches,
    matched: new Set(matches),
    match: matches.indexOf(selected),
    folded: new Set(own ? choices.folded : []),
    unfolded: new Set(own ? choices.unfolded : []),
  };
}

/** What was not run is coloured by what the planner thought of it, which is its cost. */
function firstMeasure({ plan }: PlanIndex, [first]: readonly HeatMeasure[]): HeatMeasure {
  return plan.analyzed && first !== undefined ? first : "cost";
}

export function choose(index: PlanIndex, choices: Choices, action: ViewAction): Choices {
  switch (action.type) {
    case "tab":
      return { ...choices, tab: action.tab };
    case "side":
      return { ...choices, side: action.side };
    case "measure":
      return { ...choices, measure: action.measure };
    case "search":
      return { ...choices, search: action.text };
    case "select":
      return { ...ownChoices(index, choices), selected: action.node, side: action.side ?? choices.side };
    case "match": {
      const node = nextMatch(index, viewOf(index, choices), action.step);
      return node === undefined ? choices : { ...uncovered(ownChoices(index, choices), index, node), selected: node };
    }
    case "fold":
      return fold(ownChoices(index, choices), index, action.id, action.open);
  }
}

/** What belongs to a plan of another shape is let go. */
function ownChoices(index: PlanIndex, choices: Choices): Choices {
  if (choices.plan === index.key) return choices;
  return { ...choices, plan: index.key, selected: startingNode(index), folded: [], unfolded: [] };
}

/** From the selected node on, round the end of the plan. */
function nextMatch(index: PlanIndex, { matches, selected, match }: PlanViewState, step: 1 | -1): string | undefined {
  if (matches.length === 0) return undefined;
  if (match >= 0) return matches[(match + step + matches.length) % matches.length];
  const place = (id: string) => index.places.get(id) ?? 0;
  const after = matches.findIndex((id) => place(id) > place(selected));
  if (step === 1) return matches[Math.max(0, after)];
  return matches.at(after === -1 ? -1 : after - 1);
}

/** What is found is shown: nothing above it stays folded. Groups do, which may hold thousands; they stand for their members. */
function uncovered(choices: Choices, index: PlanIndex, node: string): Choices {
  if (choices.folded.length === 0) return choices;
  const above = new Set<string>();
  for (let id = index.nodes.get(node)?.parent; id !== undefined; id = index.nodes.get(id)?.parent) above.add(id);
  return { ...choices, folded: choices.folded.filter((id) => !above.has(id)) };
}

/** A group of partitions is folded until it is opened; a node is open until it is folded. */
function fold(choices: Choices, index: PlanIndex, id: string, open: boolean): Choices {
  const isNode = index.nodes.has(id);
  const list = isNode ? "folded" : "unfolded";
  const others = choices[list].filter((other) => other !== id);
  return { ...choices, [list]: open === isNode ? others : [...others, id] };
}
