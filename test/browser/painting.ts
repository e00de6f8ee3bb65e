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

/** How many pixels outside these boxes are not the same in both pictures. */
export async function differences(page: Page, before: Buffer, after: Buffer, boxes: Box[]): Promise<number> {
  const pictures = [before, after].map((picture) => picture.toString('base64'));
  return page.evaluate(
    async ([given, inside]) => {
      const [one, other] = await Promise.all(
        given.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          const paper = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
          paper.drawImage(bitmap, 0, 0);
          for (const { x, y, width, height } of inside) paper.clearRect(x - 1, y - 1, width + 2, height + 2);
          return paper.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      return Array.from(one ?? []).filter((value, at) => value !== other?.[at]).length;
    },
    [pictures, boxes] as const,
  );
}
