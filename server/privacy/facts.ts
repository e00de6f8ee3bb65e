// What the certificate of an erasure says, from the figures that its steps counted.
import type { App } from '../app';
import { VERSION } from '../version';
import { lastCopyGone } from './backups';
import type { CertificateFacts } from './certificate';
import type { Checked } from './check';
import type { Plan } from './identity';
import type { Hit } from './namesakes';
import type { ErasureRow } from './queries';

/** Counted, and still there. */
const KEPT = ['kept-files', 'files-with-name', 'common', 'lookalikes', 'written-since'];

/** As things stand when the data folder is clean; what lies outside is counted as it is reached. */
export function factsOf(
  app: App,
  erasure: ErasureRow,
  plan: Plan,
  checked: Checked,
  hits: Hit[],
): CertificateFacts {
  const split = (wanted: boolean) =>
    Object.fromEntries(
      Object.entries({ ...plan.counts, ...checked.kept }).filter(
        ([what, n]) => n > 0 && KEPT.includes(what) === wanted,
      ),
    );
  const { addresses, names } = plan.shared;
  const { onServer } = plan;
  return {
    certificate: erasure.public_id,
    kind: erasure.kind,
    hearthdesk: VERSION,
    began: new Date(erasure.started_at).toISOString(),
    ended: new Date(app.clock.now()).toISOString(),
    removed: split(false),
    kept: {
      ...split(true),
      ...(addresses > 0 ? { 'shared-addresses': addresses } : {}),
      ...(names > 0 ? { 'ordinary-names': names } : {}),
      ...(hits.length > 0 ? { undecided: hits.length } : {}),
    },
    ...(onServer ? { mailServer: { removed: 0, marked: 0, notFound: 0, notReached: onServer.length } } : {}),
    exception: plan.decision.othersFiles === 'keep' ? (plan.decision.ground ?? null) : null,
    checked: { ...checked.figures, found: 0 },
    notSearched: [
      'paper',
      'mailboxes-of-others',
      onServer ? 'mail-folders' : 'mail-server',
      'compressed',
      'first-name',
    ],
    lastCopyGone: lastCopyGone(app),
    ledger: {
      entries: plan.customers.length + plan.addresses.length + plan.mailKeys.length,
      placesNotReached: 0,
    },
  };
}
