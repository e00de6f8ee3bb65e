// To whom a mail will go, as its form shows it before it goes.
import type { App } from '../../app';
import { addressKey } from '../../mail';
import { type Reader, typedIn } from '../../web';
import type { ParticipantRow } from '../queries';
import type { Ticket } from '../ticket';
import type { DraftRow } from './drafts';
import { recipientsOfDraft } from './drafts';
import type { PeopleModel } from './page-models';
import type { Returned } from './present-composer';
import { everybodyOf, recipientsAmong, withAll } from './recipients';
import {
  addressesIn,
  asTyped,
  RECIPIENT_FIELDS,
  type RecipientField,
  type Typed,
  typedOf,
  type WrongRecipients,
  wrongRecipients,
} from './typed-recipients';

/** Of a reply: as a form brought them back, as the draft has them, else as the ticket says. */
export function replyPeople(
  app: App,
  { t }: Reader,
  ticket: Ticket,
  participants: ParticipantRow[],
  draft: DraftRow | undefined,
  back: Returned | undefined,
): PeopleModel {
  const usual = recipientsAmong(participants);
  const sent = back?.form && 'to' in back.form.values ? typedBack(back.form.values) : undefined;
  const chosen = sent ?? recipientsOfDraft(draft);
  const typed = chosen ?? typedOf(usual);
  const wrong = sent || back?.hasWrongPeople ? wrongRecipients(app, typed) : {};
  const all = everybodyOf(app, ticket, participants);
  const one = withAll({ to: usual.to, cc: [], bcc: [] });
  const isNow = (people: typeof all) =>
    sameAddresses(typed.to, asTyped(people.to)) && sameAddresses(typed.cc, asTyped(people.cc));
  return {
    ...peopleModel(t, 'reply', typed, wrong),
    isChosen: chosen !== undefined,
    choice:
      all.all.length > one.all.length
        ? {
            action: `/tickets/${ticket.number}/recipients`,
            options: [
              { value: 'one', text: t('tickets.people.one'), to: asTyped(one.to), cc: '', isNow: isNow(one) },
              {
                value: 'all',
                text: t('tickets.people.all', { n: all.all.length }),
                to: asTyped(all.to),
                cc: asTyped(all.cc),
                isNow: isNow(all),
              },
            ],
          }
        : undefined,
  };
}

const typedBack = (values: Record<string, unknown>): Typed => ({
  to: typedIn(values, 'to'),
  cc: typedIn(values, 'cc'),
  bcc: typedIn(values, 'bcc'),
});

function sameAddresses(one: string, other: string): boolean {
  const keys = (text: string) => addressesIn(text).map(addressKey).sort().join(' ');
  return keys(one) === keys(other);
}

/** `form` makes the ids of its fields. */
export function peopleModel(
  t: Reader['t'],
  form: string,
  typed: Typed,
  wrong: WrongRecipients,
  fields: readonly RecipientField[] = RECIPIENT_FIELDS,
): PeopleModel {
  return {
    id: `${form}-people`,
    key: RECIPIENT_FIELDS.map((field) => typed[field]).join('\n'),
    isChosen: false,
    fields: fields.map((name) => {
      const problem = wrong[name];
      return {
        name,
        id: `${form}-${name}`,
        label: t(`tickets.people.${name}`),
        value: typed[name],
        error: problem && t(problem.key, { which: problem.which }),
      };
    }),
  };
}
