// The visitor's side as a plain page: asking, or the conversation with a form under it.
import type { App } from '../app';
import type { Format, Locale, Translate } from '../i18n';
import { type BadForm, errorWords, type FieldErrors, type PageModel, typedIn } from '../web';
import type { Conversation } from './access';
import { type ShownMessage, showAfter } from './present-visitor';
import type { SiteRow } from './site';

/** views/chat/plain */
export interface PlainPage extends PageModel {
  t: Translate;
  lang: Locale;
  name: string;
  greeting: string;
  notice: string;
  action: string;
  clientId: string;
  /** Only while asking: becomes the cookie that opens the conversation. */
  token?: string;
  values: { name: string; email: string; words: string };
  errors: FieldErrors;
  talk?: {
    status: string;
    messages: {
      by: string;
      mine: boolean;
      at: { iso: string; text: string };
      words: string;
      files: { name: string; size: string; href: string }[];
    }[];
    /** Absent when nothing more can be said in it. */
    send?: string;
    /** While it is live. */
    end?: string;
    /** When it is over: this browser forgets it, and asks anew. */
    begin?: string;
    /** Where the messages before these are; absent when these are the first. */
    earlier?: string;
    refresh: string;
  };
}

export function plainPage(
  app: App,
  site: SiteRow,
  given: {
    format: Format;
    clientId: string;
    token?: string;
    conversation?: Conversation;
    form?: BadForm;
    /** Only what came before this one. */
    before?: number;
  },
): PlainPage {
  const t = app.catalogues[site.language];
  const { form, conversation } = given;
  const values = form?.values ?? {};
  return {
    layout: 'none',
    title: t('chat.frame.title', { name: site.name }),
    t,
    lang: site.language,
    name: site.name,
    greeting: site.greeting,
    notice: site.privacy_notice,
    action: `/chat/${site.public_id}`,
    clientId: given.clientId,
    token: given.token,
    values: {
      name: typedIn(values, 'name'),
      email: typedIn(values, 'email'),
      words: typedIn(values, 'words'),
    },
    errors: form ? errorWords(t, form.errors) : {},
    talk: conversation && plainTalk(app, conversation, t, given),
  };
}

/** Messages on one page; whoever has more pages back. */
const MOST_ON_A_PAGE = 500;

function plainTalk(
  app: App,
  conversation: Conversation,
  t: Translate,
  { format, before = Number.POSITIVE_INFINITY }: { format: Format; before?: number },
): PlainPage['talk'] {
  const base = `/chat/${conversation.site.public_id}`;
  const end = Math.min(before, conversation.ticket.visitor_sequence + 1);
  const after = Math.max(0, end - 1 - MOST_ON_A_PAGE);
  const shown = between(app, conversation, after, end);
  const { state, agent } = shown.chat;
  const isLive = state === 'queued' || state === 'active';
  return {
    status:
      state === 'active' && agent
        ? `${t('chat.frame.agent', { name: agent.name, site: conversation.site.name })} ${t('chat.frame.talking')}`
        : // One that was missed and has been answered since has ended like any other.
          t(`chat.plain.${state === 'missed' && !shown.messages.at(-1)?.mine ? 'ended' : state}`),
    messages: shown.messages.map((message) => ({
      by: message.by?.name ?? t('chat.frame.you'),
      mine: message.mine,
      at: format.time(message.at),
      words: message.words,
      files: message.files.map((file) => ({ ...file, size: format.size(file.size) })),
    })),
    send: state === 'closed' ? undefined : `${base}/messages`,
    ...(isLive ? { end: `${base}/end` } : { begin: `${base}/new` }),
    earlier: after > 0 ? `${base}?before=${after + 1}` : undefined,
    refresh: base,
  };
}

function between(app: App, conversation: Conversation, after: number, end: number) {
  const messages: ShownMessage[] = [];
  let shown = showAfter(app, conversation, after);
  messages.push(...shown.messages);
  while (shown.more && shown.upTo < end) {
    shown = showAfter(app, conversation, shown.upTo);
    messages.push(...shown.messages);
  }
  return { messages: messages.filter(({ sequence }) => sequence < end), chat: shown.chat };
}
