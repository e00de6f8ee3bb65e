// What sending a reply does to its ticket besides: said by a macro, shown beside the words, taken back with them.
import { type Agent, findAgentById } from '../../agents';
import type { App } from '../../app';
import { assignTicket, prioritiseTicket } from '../change';
import type { ReplyInput } from '../forms';
import { addTag, findTags, removeTag, tagKey } from '../tags';
import type { DoneDeeds, Status, Ticket } from '../ticket';
import { type Deeds, REPLY_STATUSES } from './macro';

/**
 * Only what will be different. A ticket that somebody has taken since the page said "assigned to you" stays theirs (W3):
 * `takenBy` is who has it.
 */
export function deedsToDo(
  app: App,
  actor: Agent,
  ticket: Ticket,
  input: ReplyInput,
): { deeds: DoneDeeds; takenBy?: number | null } {
  const deeds: DoneDeeds = {};
  const { doPriority: to, doTag: tag, doTake: take, doTakeFrom: seen } = input;
  if (to && to !== ticket.priority) deeds.priority = { from: ticket.priority, to };
  if (tag && !hasTag(app, ticket, tag)) deeds.tag = tag;
  if (!take || ticket.assignee_id === actor.id) return { deeds };
  if (seen !== undefined && (seen === '' ? null : seen) !== ticket.assignee_id)
    return { deeds, takenBy: ticket.assignee_id };
  deeds.take = { from: ticket.assignee_id };
  return { deeds };
}

const hasTag = (app: App, ticket: Ticket, name: string) =>
  findTags(app.db, ticket.id).some((tag) => tag.name_key === tagKey(name));

export const hasDeeds = (deeds: DoneDeeds): boolean => Object.keys(deeds).length > 0;

export function doDeeds(app: App, actor: Agent, ticket: Ticket, { priority, tag, take }: DoneDeeds): void {
  if (priority) prioritiseTicket(app, actor, ticket, priority.to);
  if (tag) addTag(app, actor, ticket, tag);
  if (take) assignTicket(app, actor, ticket, actor, take.from);
}

/** As it was before, where nobody has changed it since. */
export function undoDeeds(app: App, actor: Agent, ticket: Ticket, { priority, tag, take }: DoneDeeds): void {
  if (priority && ticket.priority === priority.to) prioritiseTicket(app, actor, ticket, priority.from);
  if (tag) removeTag(app, actor, ticket, tag);
  if (!take) return;
  const before = take.from === null ? undefined : findAgentById(app.db, take.from);
  assignTicket(app, actor, ticket, before?.state === 'active' ? before : null, actor.id);
}

/** What was done stands beside the words again, to be done when they are sent after all. */
export const deedsAgain = (moved: Status | undefined, { priority, tag, take }: DoneDeeds): Deeds => {
  const status = REPLY_STATUSES.find((one) => one === moved);
  return {
    ...(status ? { status } : {}),
    ...(priority ? { priority: priority.to } : {}),
    ...(tag ? { tag } : {}),
    ...(take ? { take: true } : {}),
  };
};
