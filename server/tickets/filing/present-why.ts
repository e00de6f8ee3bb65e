// Why a mail is in its ticket: the rule that led it there, what it went by, and who vouches for its sender (M6, M7, AC-15).
import type { App } from '../../app';
import { METHODS } from '../../mail';
import { mayRole, type Role } from '../../roles';
import type { Reader } from '../../web';
import type { MessageFacts, MessageRow, Ticket } from '../ticket';
import { messageFor } from '../writing/compose-reply';
import { mayBeMoved } from './move-message';
import type { MoveRow } from './moves';
import type { SenderCheck, WhyModel } from './page-models';

export function senderCheck({ t }: Reader, { authentication }: MessageFacts): SenderCheck | undefined {
  return (
    authentication && { verdict: authentication.verdict, text: t(`tickets.sender.${authentication.verdict}`) }
  );
}

export function whyModel(
  app: App,
  { t, format }: Reader,
  role: Role,
  ticket: Ticket,
  message: MessageRow,
  facts: MessageFacts,
  move: MoveRow | undefined,
): WhyModel {
  const { evidence, rule, rules, spam, authentication } = facts;
  const href = `/tickets/${ticket.number}/messages/${message.id}`;
  const answered = evidence?.message === undefined ? undefined : messageFor(app, ticket, evidence.message);
  const lines: WhyModel['lines'] = [];
  if (rule) lines.push({ name: t('tickets.rule'), text: t(`tickets.rule.${rule.replace(' ', '-')}`) });
  if (evidence)
    lines.push({
      name: t('tickets.why.evidence'),
      text: evidence.text,
      isCode: true,
      ...(answered ? { href: `#message-${answered.id}`, action: t('tickets.why.answered') } : {}),
    });
  if (move)
    lines.push({
      name: t('tickets.why.moved'),
      text: t('tickets.why.moved.by', { who: move.name ?? t('tickets.someone') }),
      at: format.time(move.created_at),
    });
  if (authentication) lines.push({ name: t('tickets.why.sender'), text: checkWords(t, authentication) });
  if (rules)
    lines.push({
      name: t('tickets.why.rules', { n: rules.length }),
      text: rules.map(({ name }) => t('tickets.why.rules.name', { name })).join(', '),
    });
  if (spam) lines.push({ name: t('tickets.why.spam'), text: t(`tickets.why.spam.${spam}`) });
  const mayMove = mayRole(role, 'tickets.change') && mayBeMoved(message);
  return { lines, ...(mayMove ? { move: `${href}/place` } : {}) };
}

/** "mx.example.com found: SPF pass, DKIM pass, DMARC pass, for mail.example." */
function checkWords(t: Reader['t'], found: NonNullable<MessageFacts['authentication']>): string {
  const results = METHODS.flatMap((method) => {
    const result = found.results?.[method];
    return result === undefined ? [] : [`${method.toUpperCase()} ${result}`];
  }).join(', ');
  const what = results || t('tickets.why.nothing');
  if (!found.by) return t('tickets.why.nobody');
  const said =
    found.by === 'own'
      ? t('tickets.why.own', { results: what })
      : t('tickets.why.server', { server: found.server || t('tickets.why.receiver'), results: what });
  return found.domain ? `${said} ${t('tickets.why.domain', { domain: found.domain })}` : said;
}
