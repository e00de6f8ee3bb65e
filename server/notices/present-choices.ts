// What an agent wants to be told, as a page of their settings.
import { type Agent, canSend } from '../agents';
import type { App } from '../app';
import { type BadForm, errorWords, type FieldErrors, type PageModel, type Reader, typedIn } from '../web';
import { choicesOf, LONGEST_AWAY, SHORTEST_AWAY } from './choices';
import { NOTICE_KINDS, type NoticeKind } from './notice';

/** views/notices/choices */
export interface ChoicesPage extends PageModel {
  t: Reader['t'];
  kinds: { name: NoticeKind; text: string; checked: boolean }[];
  values: { inBrowser: boolean; byMail: boolean; awayMinutes: string; withWords: boolean };
  /** Minutes. */
  shortest: number;
  longest: number;
  /** No mailbox can send, so no mail would go. */
  cannotSend: boolean;
  errors: FieldErrors;
}

export function choicesPage(app: App, agent: Agent, { t }: Reader, returned?: BadForm): ChoicesPage {
  const stored = choicesOf(app.db, agent.id);
  const ticked = (name: string, now: boolean) => (returned ? returned.values[name] === 'on' : now);
  return {
    layout: 'settings',
    current: 'settings.notices',
    title: t('notices.choices.title'),
    t,
    kinds: NOTICE_KINDS.map((name) => ({
      name,
      text: t(`notices.kind.${name}`),
      checked: ticked(name, stored.kinds.includes(name)),
    })),
    values: {
      inBrowser: ticked('inBrowser', stored.inBrowser),
      byMail: ticked('byMail', stored.byMail),
      awayMinutes: returned ? typedIn(returned.values, 'awayMinutes') : String(stored.awayMinutes),
      withWords: ticked('withWords', stored.withWords),
    },
    shortest: SHORTEST_AWAY,
    longest: LONGEST_AWAY,
    cannotSend: !canSend(app),
    errors: errorWords(t, returned?.errors ?? {}),
  };
}
