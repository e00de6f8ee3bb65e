// A token bucket: so many events at once, refilled evenly.

export interface Bucket {
  tokens: number;
  at: number;
}

/** Takes one token; false when there is none. `now` in milliseconds. */
export function takeFrom(
  bucket: Bucket,
  limit: { events: number; perSeconds: number },
  now: number,
): boolean {
  const refill = ((now - bucket.at) / 1_000) * (limit.events / limit.perSeconds);
  bucket.tokens = Math.min(limit.events, bucket.tokens + Math.max(refill, 0));
  bucket.at = now;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}
