// Erasures as pages show them: what would go, how far one is, its certificate.
import type { App } from '../app';
import { findAddresses } from '../customers';
import { errorWords, type Reader, typedIn } from '../web';
import { lastCopyGone } from './backups';
import type { CertificateFacts } from './certificate';
import { STEPS } from './erasing';
import type { Person } from './export-data';
import { claimantsOf } from './identity';
import type { ErasePage, ErasurePage, Fact } from './page-models';
import { owedOf } from './present-owed';
import type { ErasureRow } from './queries';
import type { Survey } from './survey';

export interface Returned {
  values: Record<string, unknown>;
  errors: Record<string, string>;
}

export const UNTOUCHED: Returned = { values: {}, errors: {} };

const GROUNDS = ['a', 'b', 'c', 'd', 'e'] as const;

/** What has to be typed so that nobody is erased by a slip of the hand. */
export const wordToType = (app: App, { id, name, copiedAs }: Person): string =>
  copiedAs ?? findAddresses(app.db, id)[0]?.address ?? name;

export function erasePage(
  app: App,
  { t, format }: Reader,
  person: Person,
  back: string,
  survey: Survey,
  { values, errors }: Returned = UNTOUCHED,
): ErasePage {
  const chosen = (name: string, usual: string) => typedIn(values, name) || usual;
  const counted = (counts: Record<string, number>): Fact[] =>
    Object.entries(counts).map(([table, n]) => ({
      name: t(`privacy.table.${table}`),
      value: format.number(n),
    }));
  const { shared, common, jointTickets } = survey;
  const gone = lastCopyGone(app);
  const claimants = claimantsOf(app, person).length;
  return {
    title: t('privacy.erase.title', { name: person.name }),
    current: 'privacy',
    t,
    action: `${back}/erase`,
    back,
    holds: survey.holds.map((hold) => ({
      ground: hold.ground,
      reason: hold.reason,
      review: format.day(hold.review_at),
    })),
    own: counted(survey.own),
    elsewhere: counted(survey.elsewhere),
    remarks: [
      ...(jointTickets > 0 ? [t('privacy.erase.joint', { n: jointTickets })] : []),
      ...(shared.addresses > 0 ? [t('privacy.erase.sharedAddresses', { n: shared.addresses })] : []),
      ...(shared.names > 0 ? [t('privacy.erase.sharedNames', { n: shared.names })] : []),
      ...(common > 0 ? [t('privacy.erase.common', { n: common })] : []),
    ],
    onServer: survey.onServer > 0 ? t('privacy.erase.onServer', { n: survey.onServer }) : undefined,
    claimants: claimants > 0 ? t('privacy.erase.claimants', { n: claimants }) : undefined,
    typeThis: wordToType(app, person),
    lastCopyGone:
      gone === null ? undefined : t('privacy.erase.copies', { day: format.day(Date.parse(gone)).text }),
    kinds: ['erase', 'de-identify'].map((value) => ({
      value,
      text: t(`privacy.erase.kind.${value}`),
      hint: t(`privacy.erase.kind.${value}.hint`),
    })),
    others: ['remove', 'keep'].map((value) => ({
      value,
      text: t(`privacy.erase.others.${value}`),
      hint: t(`privacy.erase.others.${value}.hint`),
    })),
    grounds: GROUNDS.map((value) => ({ value, text: t(`privacy.ground.${value}`) })),
    values: {
      kind: chosen('kind', 'erase'),
      othersFiles: chosen('othersFiles', 'remove'),
      ground: chosen('ground', 'b'),
      typed: typedIn(values, 'typed'),
      claimants: Object.keys(values).length === 0 || values['claimants'] === 'on',
      alsoOnServer: values['alsoOnServer'] === 'on',
    },
    errors: errorWords(t, errors),
  };
}

export function erasurePage(app: App, reader: Reader, row: ErasureRow): ErasurePage {
  const { t } = reader;
  const at = STEPS.indexOf(row.step as (typeof STEPS)[number]);
  const steps = STEPS.filter((step) => step !== 'done');
  const href = `/privacy/erasures/${row.public_id}`;
  return {
    title: t(row.state === 'done' ? 'privacy.certificate.title' : 'privacy.erasure.title'),
    current: 'privacy',
    t,
    state: row.state,
    steps: steps.map((step, index) => ({
      text: t(`privacy.step.${step}`),
      state: row.state === 'done' || index < at ? 'done' : index === at ? 'now' : 'later',
    })),
    failure: row.state === 'failed' ? failureOf(reader, row, `${href}/again`) : undefined,
    owed: row.state === 'waiting' ? owedOf(app, reader, row) : undefined,
    certificate: row.certificate ? certificateOf(reader, row.certificate, `${href}/certificate`) : undefined,
  };
}

function failureOf({ t }: Reader, row: ErasureRow, again: string): ErasurePage['failure'] {
  const { why, places = [] } = JSON.parse(row.error ?? '{}') as {
    why: string;
    places?: { place: string; n: number }[];
  };
  return {
    text: t(`privacy.erasure.failed.${why}`),
    places: places.map(({ place, n }) => `${place}: ${n}`),
    again,
  };
}

function certificateOf({ t, format }: Reader, certificate: string, href: string): ErasurePage['certificate'] {
  const { facts, key } = JSON.parse(certificate) as { facts: CertificateFacts; key: string };
  const counted = (nameOf: (what: string) => string, counts: Record<string, number>): Fact[] =>
    Object.entries(counts).map(([what, n]) => ({ name: nameOf(what), value: format.number(n) }));
  const { checked } = facts;
  return {
    href,
    facts: [
      { name: t('privacy.certificate.number'), value: facts.certificate },
      { name: t('privacy.certificate.kind'), value: t(`privacy.erase.kind.${facts.kind}`) },
      { name: t('privacy.certificate.began'), value: format.time(Date.parse(facts.began)).text },
      { name: t('privacy.certificate.ended'), value: format.time(Date.parse(facts.ended)).text },
      {
        name: t('privacy.certificate.checked'),
        value: t('privacy.certificate.checked.words', {
          files: format.number(checked.files),
          size: format.size(checked.bytes),
          rows: format.number(checked.rows),
          identifiers: format.number(checked.identifiers),
          passages: format.number(checked.passages),
        }),
      },
      {
        name: t('privacy.certificate.copies'),
        value: facts.lastCopyGone
          ? t('privacy.certificate.copies.until', { day: format.day(Date.parse(facts.lastCopyGone)).text })
          : t('privacy.certificate.copies.none'),
      },
      ...(facts.ledger.placesNotReached > 0
        ? [{ name: t('privacy.certificate.places'), value: format.number(facts.ledger.placesNotReached) }]
        : []),
      ...(facts.ledger.placesGone
        ? [{ name: t('privacy.certificate.placesGone'), value: format.number(facts.ledger.placesGone) }]
        : []),
      ...(facts.mailServer
        ? [
            {
              name: t('privacy.certificate.mailServer'),
              value: t(
                'privacy.certificate.mailServer.words',
                Object.fromEntries(
                  Object.entries(facts.mailServer).map(([what, n]) => [what, format.number(n)]),
                ),
              ),
            },
          ]
        : []),
      ...(facts.exception
        ? [{ name: t('privacy.certificate.exception'), value: t(`privacy.ground.${facts.exception}`) }]
        : []),
      { name: t('privacy.certificate.key'), value: key },
    ],
    removed: counted((what) => t(`privacy.table.${what}`), facts.removed),
    kept: counted((what) => t(`privacy.kept-because.${what}`), facts.kept),
    notSearched: facts.notSearched.map((what) => t(`privacy.not-searched.${what}`)),
  };
}
