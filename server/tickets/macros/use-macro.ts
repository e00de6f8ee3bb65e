// A macro is put into a reply: its words at once, what it does when the reply is sent.
import type { Agent } from '../../agents';
import type { App } from '../../app';
import type { ReplyInput } from '../forms';
import type { Ticket } from '../ticket';
import { deedsOfDraft, findDraft, keepDeeds, keepDraft } from '../writing/drafts';
import { type Deeds, deedsOf, type MacroRow } from './macro';
import { filledIn } from './words';

/** Words below what is written already; a later macro says anew what an earlier one has said. */
export function putMacro(app: App, agent: Agent, ticket: Ticket, macro: MacroRow): void {
  const words = wordsOfMacro(app, agent, ticket, macro);
  const begun = findDraft(app.db, agent.id, ticket.id, 'reply')?.words ?? '';
  keepDraft(app, agent, ticket, 'reply', begun.trim() ? `${begun.trimEnd()}\n\n${words}` : words);
}

/** For a page that puts the words where the caret stands; what it does is kept here. */
export function wordsOfMacro(app: App, agent: Agent, ticket: Ticket, macro: MacroRow): string {
  const draft = findDraft(app.db, agent.id, ticket.id, 'reply');
  keepDeeds(app, agent, ticket, { ...deedsOfDraft(draft), ...deedsOf(macro) });
  return filledIn(macro.words, { app, agent, ticket });
}

/** What a form says that its sending does. */
export const besidesOf = (
  form: Pick<ReplyInput, 'thenStatus' | 'doPriority' | 'doTag' | 'doTake'>,
): Deeds => ({
  status: form.thenStatus,
  ...(form.doPriority ? { priority: form.doPriority } : {}),
  ...(form.doTag ? { tag: form.doTag } : {}),
  ...(form.doTake ? { take: true } : {}),
});

export function leaveOut(deeds: Deeds, aside: 'macros' | 'priority' | 'tag' | 'take'): Deeds {
  const { [aside as keyof Deeds]: _left, ...rest } = deeds;
  return rest;
}
