// Somebody decides about places where a name stands that two people bear (P3).
import type { App } from '../app';
import { type Actor, record } from '../events';
import { hitName } from './namesakes';
import type { ErasureRow } from './queries';
import { added, changeRest } from './rest';

/** `theirs`: it goes, by the next run of the job. `others`: it stays, and the certificate counts it. */
export type Belongs = 'theirs' | 'others';

/** Inside a transaction. `which` names places (`hitName`) that are undecided; returns how many were decided. */
export function decideHits(
  app: App,
  actor: Actor,
  erasure: ErasureRow,
  which: ReadonlySet<string> | 'all',
  belongs: Belongs,
): number {
  let decided = 0;
  changeRest(app, erasure.id, (rest, facts) => {
    const isMeant = (hit: (typeof rest.hits)[number]) =>
      !hit.isTheirs && (which === 'all' || which.has(hitName(hit)));
    decided = rest.hits.filter(isMeant).length;
    return belongs === 'theirs'
      ? {
          rest: { ...rest, hits: rest.hits.map((hit) => (isMeant(hit) ? { ...hit, isTheirs: true } : hit)) },
          facts,
        }
      : {
          rest: { ...rest, hits: rest.hits.filter((hit) => !isMeant(hit)) },
          facts: { ...facts, kept: added(facts.kept, { namesakes: decided }) },
        };
  });
  if (decided > 0) record(app, 'erasure.decided', actor, erasure, { belongs, places: decided });
  return decided;
}
