import type { JsonObject } from "../../json.js";
import type { Keys, Lines } from "../document.js";

/** A node that is being read; its children get their relationship when all are known. */
export interface OpenNode {
  readonly keys: Keys;
  readonly children: { readonly node: OpenNode; readonly label: string | undefined }[];
  first: number;
  last: number;
}

interface Level {
  /** Column of the arrow, of the label, or of the root itself. */
  readonly column: number;
  readonly node: OpenNode;
  /** `CTE x`, `InitPlan 1 (returns $0)`, `SubPlan 2`: what comes next below belongs to it. */
  readonly label?: string;
}

/** The tree by columns: a node hangs on the nearest line above that stands further left. */
export class Tree {
  readonly root: OpenNode;
  readonly nodes: OpenNode[] = [];
  private readonly levels: Level[];

  constructor(
    keys: Keys,
    readonly column: number,
    lines: Lines,
  ) {
    this.root = { keys, children: [], ...lines };
    this.nodes.push(this.root);
    this.levels = [{ column, node: this.root }];
  }

  get last(): OpenNode {
    return this.nodes.at(-1) ?? this.root;
  }

  add(keys: Keys, column: number, lines: Lines): void {
    const { node: parent, label } = this.above(column);
    const node: OpenNode = { keys, children: [], ...lines };
    parent.children.push({ node, label });
    this.nodes.push(node);
    this.levels.push({ column, node });
  }

  addLabel(label: string, column: number): void {
    this.levels.push({ column, node: this.above(column).node, label });
  }

  /** The node whose line at this column it is: an ancestor where the line stands further left than the last node. */
  ownerAt(column: number): OpenNode {
    for (let at = this.levels.length - 1; at > 0; at--) {
      const level = this.levels[at];
      if (level && level.column < column && level.label === undefined) return level.node;
    }
    return this.root;
  }

  private above(column: number): Level {
    while (this.levels.length > 1 && (this.levels.at(-1)?.column ?? 0) >= column) this.levels.pop();
    return this.levels.at(-1) ?? { column: this.column, node: this.root };
  }

  /** Hangs the children into the keys. From the last node to the first, so that each is whole when its parent takes it. */
  close(): { readonly keys: JsonObject; readonly places: ReadonlyMap<JsonObject, Lines> } {
    const places = new Map<JsonObject, Lines>();
    for (const { keys, children, first, last } of this.nodes) {
      places.set(keys, { first, last });
      relate(keys, children);
      if (children.length > 0) keys["Plans"] = children.map(({ node }) => node.keys);
    }
    return { keys: this.root.keys, places };
  }
}

const membersOf = new Set(["Append", "Merge Append", "BitmapAnd", "BitmapOr"]);

/** Relationships as FORMAT JSON names them. */
function relate(parent: Keys, children: OpenNode["children"]): void {
  const ordinary = children.reduce((count, { label }) => count + (label === undefined ? 1 : 0), 0);
  let order = 0;
  for (const { node, label } of children) {
    node.keys["Parent Relationship"] = label === undefined ? relationship(parent, node.keys, order++, ordinary) : ofLabel(label);
    if (label !== undefined) node.keys["Subplan Name"] = label;
  }
}

const ofLabel = (label: string): string => (label.startsWith("SubPlan") ? "SubPlan" : "InitPlan");

function relationship(parent: Keys, child: Keys, order: number, count: number): string {
  const type = String(parent["Node Type"]);
  if (isRemote(child)) return "Remote";
  if (membersOf.has(type) || (type === "ModifyTable" && count > 1)) return "Member";
  if (type === "Subquery Scan") return "Subquery";
  if (type === "Custom Scan") return count === 1 ? "child" : "children";
  return order === 0 ? "Outer" : "Inner";
}

/** Citus: what its workers report, and what it ran beforehand. */
function isRemote(keys: Keys): boolean {
  const type = String(keys["Node Type"]);
  return type === "Task" || type.startsWith("Distributed Subplan ");
}
