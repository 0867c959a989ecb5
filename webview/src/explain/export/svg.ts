import type { PlanNode } from "#protocol/plan";
import { cardOf, type Card } from "../card.js";
import type { PlanIndex } from "../planIndex.js";
import { boundsOf, layoutPlan, type Box } from "../drawing/layoutPlan.js";
import { groupCard } from "../tree/groupCard.js";
import { shownTree } from "../tree/shownTree.js";

/** Colours of the drawing; light ones of our own, as a picture is mostly put on white. */
export interface SvgColors {
  readonly background: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly card: string;
  readonly heat: readonly [string, string, string, string];
}

export const lightColors: SvgColors = {
  background: "#ffffff",
  text: "#1f2328",
  muted: "#57606a",
  line: "#c9d1d9",
  card: "#f6f8fa",
  heat: ["#8c959f", "#bf8700", "#bc4c00", "#cf222e"],
};

const margin = 24;
const size = { width: 252, line: 18, padding: 20 };

/** The tree as a vector drawing of its own: no styles, scripts or fonts from elsewhere. Many equal partitions are one card, as on the page. */
export function planSvg(index: PlanIndex, colors: SvgColors = lightColors): { svg: string; width: number; height: number } {
  const { root, rows, byId: shown } = shownTree(index, { folded: new Set(), unfolded: new Set() });
  const cards = new Map(rows.map(({ id, group, node }) => [id, group ? groupCard(index, group) : cardOf(index.plan, index.root, node)]));
  const boxes = layoutPlan(root, ({ id }) => ({ width: size.width, height: heightOf(cards.get(id) as Card) }));
  const bounds = boundsOf(boxes);
  const [width, height] = [Math.ceil(bounds.width + 2 * margin), Math.ceil(bounds.height + 2 * margin)];
  const byId = new Map(boxes.map((box) => [box.id, box]));
  const edges = boxes.flatMap((box) => edgeOf(box, byId.get(box.parent ?? ""), shown.get(box.id)?.node, colors, widest(index)));
  const drawn = boxes.map((box) => drawCard(box, cards.get(box.id) as Card, shown.get(box.id)?.node.title ?? "", colors));
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, 'Segoe UI', sans-serif" font-size="12">`,
    `<title>Query plan</title>`,
    `<rect width="${width}" height="${height}" fill="${colors.background}"/>`,
    `<g transform="translate(${margin} ${margin})">`,
    ...edges,
    ...drawn,
    `</g></svg>`,
  ].join("\n");
  return { svg, width, height };
}

function linesOf(card: Card): string[] {
  const rows = [card.rows, card.estimate, card.misestimate?.label].filter((part) => part !== undefined).join(" · ");
  const primary = [card.primary, card.share, card.loops].filter((part) => part !== undefined && part !== "").join(" · ");
  return [card.subject ?? "", primary, rows, card.buffers ?? ""].filter((line) => line !== "");
}

function heightOf(card: Card): number {
  return size.padding + (1 + (card.caption === undefined ? 0 : 1) + linesOf(card).length) * size.line;
}

function widest({ plan }: PlanIndex): number {
  return plan.nodes.reduce((most, node) => Math.max(most, rowsOf(node)), 1);
}

const rowsOf = (node: PlanNode | undefined): number => node?.rows ?? node?.estimatedRows ?? 0;

/** As thick as rows, in tenfolds: a thousand times the rows are no thousand times the width. */
function edgeOf(box: Box, parent: Box | undefined, node: PlanNode | undefined, colors: SvgColors, most: number): string[] {
  if (!parent) return [];
  const [x1, y1] = [parent.x + parent.width / 2, parent.y + parent.height];
  const [x2, y2] = [box.x + box.width / 2, box.y];
  const middle = (y1 + y2) / 2;
  const width = 1 + (7 * Math.log10(1 + rowsOf(node))) / Math.max(1, Math.log10(1 + most));
  return [
    `<path d="M${n(x1)} ${n(y1)}C${n(x1)} ${n(middle)} ${n(x2)} ${n(middle)} ${n(x2)} ${n(y2)}" fill="none" stroke="${colors.line}" stroke-width="${n(width)}"/>`,
  ];
}

function drawCard(box: Box, card: Card, title: string, colors: SvgColors): string {
  const heat = colors.heat[card.heat];
  let y = 9;
  const text = (content: string, attributes: string) => {
    y += size.line;
    return `<text x="12" y="${y - 5}" ${attributes}>${escapeXml(clipped(content))}</text>`;
  };
  const border = card.heat >= 2 ? heat : colors.line;
  const lines = [
    ...(card.caption === undefined ? [] : [text(card.caption, `fill="${colors.muted}" font-size="11"`)]),
    text(card.type, `fill="${colors.text}" font-size="13" font-weight="600"`),
    ...linesOf(card).map((line) => text(line, `fill="${line === card.subject ? colors.text : colors.muted}"`)),
  ];
  return [
    `<g transform="translate(${n(box.x)} ${n(box.y)})">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${box.width}" height="${box.height}" rx="8" fill="${colors.card}" stroke="${border}"${card.never ? ' stroke-dasharray="4 3"' : ""}/>`,
    ...lines,
    `<rect x="6" y="${box.height - 6}" width="${n((box.width - 12) * card.bar)}" height="3" rx="1.5" fill="${heat}"/>`,
    `</g>`,
  ].join("");
}

const n = (value: number): string => String(Math.round(value * 10) / 10);

/** About as much as a card is wide; the whole title is in the card's tooltip. */
function clipped(text: string): string {
  const letters = [...text];
  return letters.length > 36 ? `${letters.slice(0, 35).join("")}…` : text;
}

/** Letters that XML has no place for are left out, the others escaped. */
export function escapeXml(text: string): string {
  const allowed = [...text].filter((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    return code === 9 || code === 10 || (code >= 0x20 && !(code >= 0xd800 && code <= 0xdfff) && code !== 0xfffe && code !== 0xffff);
  });
  return allowed.map((letter) => entities[letter] ?? letter).join("");
}

const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
