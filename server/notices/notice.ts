// What an agent is told: something happened to a ticket that is theirs, that they follow, or where they were named.

export const NOTICE_KINDS = ['assigned', 'answered', 'mentioned', 'team', 'woken'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** How long it is kept, read or not. */
export const NOTICE_DAYS = 30;

export interface NoticeRow {
  id: number;
  agent_id: number;
  ticket_id: number;
  event_id: number;
  kind: NoticeKind;
  done_by: number | null;
  message_id: number | null;
  at: number;
  read_at: number | null;
  is_newest: 0 | 1;
}
