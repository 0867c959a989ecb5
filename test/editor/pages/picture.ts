import type { Page } from "playwright-core";

export interface Ink {
  /** Contrast of the strongest ink against the ground, as WCAG counts it: 1 to 21. */
  readonly contrast: number;
  /** Part of the pixels that stand out from the ground by 3:1 or more. */
  readonly share: number;
}

/** Whether something is written in a region of the page: looked up in the picture itself, not in the code that drew it. */
export async function inkIn(page: Page, clip: { x: number; y: number; width: number; height: number }): Promise<Ink> {
  const png = (await page.screenshot({ clip })).toString("base64");
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const picture = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
    context.drawImage(picture, 0, 0);
    const { data: pixels } = context.getImageData(0, 0, picture.width, picture.height);
    const luminances: number[] = [];
    const linear = (part: number) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    for (let i = 0; i < pixels.length; i += 4) {
      const [red, green, blue] = [0, 1, 2].map((at) => linear((pixels[i + at] as number) / 255)) as [number, number, number];
      luminances.push(0.2126 * red + 0.7152 * green + 0.0722 * blue);
    }
    // The ground is what most of the region has.
    const ground = luminances.toSorted((a, b) => a - b)[luminances.length >> 1] as number;
    const contrasts = luminances.map((one) => (Math.max(one, ground) + 0.05) / (Math.min(one, ground) + 0.05));
    return { contrast: Math.max(...contrasts), share: contrasts.filter((one) => one >= 3).length / contrasts.length };
  }, png);
}
