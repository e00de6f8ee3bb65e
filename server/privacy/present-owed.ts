// What an erasure still waits for, as its page shows it.
import type { App } from '../app';
import type { Reader } from '../web';
import type { Owed } from './page-models';
import type { ErasureRow } from './queries';
import { readRest } from './rest';

export function owedOf(app: App, { t }: Reader, row: ErasureRow): Owed {
  const href = `/privacy/erasures/${row.public_id}`;
  const { mails } = readRest(app, row);
  return {
    again: `${href}/again`,
    mails:
      mails.length > 0
        ? { text: t('privacy.owed.mails', { n: mails.length }), leave: `${href}/leave-mails` }
        : undefined,
  };
}
