// What time it is at the server: clocks of browsers are off by minutes often enough, and the time in which a reply can be taken
// back (O4) is seconds.

/** Answers carry whole seconds and travel for a while; less than this says nothing, in ms. */
const NOISE = 3_000;

let ahead = 0;

export const serverNow = (): number => Date.now() - ahead;

export function noteServerTime(response: Response): void {
  const at = Date.parse(response.headers.get('date') ?? '');
  if (Number.isNaN(at)) return;
  const difference = Date.now() - at;
  ahead = Math.abs(difference) < NOISE ? 0 : difference;
}
