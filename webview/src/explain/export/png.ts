import { planSvg } from "./svg.js";
import type { PlanIndex } from "../planIndex.js";

/** Browsers refuse larger canvases. */
const most = { side: 16_000, area: 120_000_000 };

/** The drawing as a picture, base64; twice as fine as on the screen where that is possible. */
export async function planPng(index: PlanIndex): Promise<string> {
  const { svg, width, height } = planSvg(index);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const scale = Math.min(2, most.side / Math.max(width, height), Math.sqrt(most.area / (width * height)));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(width * scale));
  canvas.height = Math.max(1, Math.floor(height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser draws no pictures.");
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  const [, data] = canvas.toDataURL("image/png").split(",");
  if (!data) throw new Error("The plan is too large for a picture; save it as SVG.");
  return data;
}
