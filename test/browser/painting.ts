// What stands on a page as pixels, and whether two pictures of it differ outside some boxes.
import type { Page } from 'playwright-core';

/** In the page: every message keeps its size and loses what it says. */
export function emptyTheBoxes(): void {
  for (const card of document.querySelectorAll<HTMLElement>('.message__card')) {
    const { width, height } = card.getBoundingClientRect();
    Object.assign(card.style, {
      inlineSize: `${width}px`,
      blockSize: `${height}px`,
      boxSizing: 'border-box',
      flex: 'none',
    });
    card.replaceChildren();
  }
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const MOST_LOOKS = 40;

/** A picture of the page once nothing on it moves any more: two in a row are the same. */
export async function steadyPicture(page: Page): Promise<Buffer> {
  let before = await page.screenshot();
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const now = await page.screenshot();
    if (now.equals(before)) return now;
    before = now;
  }
  throw new Error('The page never stood still.');
}

/** A letter that is drawn anew has edges a little lighter or darker: so much of a channel, and so few pixels, are nobody's paint. */
const NOISE = 48;
const FEW_PIXELS = 24;

/** Where outside these boxes the pictures differ: the first few places, as "x,y". */
export async function differences(
  page: Page,
  before: Buffer,
  after: Buffer,
  boxes: Box[],
): Promise<string[]> {
  const pictures = [before, after].map((picture) => picture.toString('base64'));
  return page.evaluate(
    async ([given, inside, noise, few]) => {
      const [one, other] = await Promise.all(
        given.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          const paper = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
          paper.drawImage(bitmap, 0, 0);
          for (const { x, y, width, height } of inside) paper.clearRect(x - 1, y - 1, width + 2, height + 2);
          return paper.getImageData(0, 0, bitmap.width, bitmap.height);
        }),
      );
      const places = new Set<string>();
      for (let at = 0; one && other && at < one.data.length; at++)
        if (Math.abs((one.data[at] ?? 0) - (other.data[at] ?? 0)) > noise)
          places.add(`${(at >> 2) % one.width},${Math.floor((at >> 2) / one.width)}`);
      return places.size > few ? [...places].slice(0, 8) : [];
    },
    [pictures, boxes, NOISE, FEW_PIXELS] as const,
  );
}
