// Load: so many connections, each asking again as soon as it has its answer, for a set time.
import { Client } from 'undici';

/**
 * `ask(i)` gives a request for undici: { path, method, headers, body }. Answers other than `expect` end the run, so that no
 * error page is ever counted as speed.
 */
export async function load(origin, { connections, seconds, ask, expect }) {
  const times = [];
  const until = performance.now() + seconds * 1000;
  let i = 0;
  const begun = performance.now();
  const one = async () => {
    const client = new Client(origin, { pipelining: 1 });
    while (performance.now() < until) {
      const started = performance.now();
      const { statusCode, body } = await client.request(ask(i++));
      for await (const _ of body);
      if (statusCode !== expect) throw new Error(`answered ${statusCode} instead of ${expect}`);
      times.push(performance.now() - started);
    }
    await client.close();
  };
  await Promise.all(Array.from({ length: connections }, one));
  return figures(times, (performance.now() - begun) / 1000);
}

export function figures(times, seconds) {
  times.sort((a, b) => a - b);
  const at = (share) =>
    Number((times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0).toFixed(2));
  return {
    perSecond: Math.round(times.length / seconds),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    n: times.length,
  };
}
