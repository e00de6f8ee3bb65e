// What a website's page and the frame say to each other; always to the exact origin of the other (C3).

/** `again`: it was open on the page before, so nobody has asked for the focus. */
export type ToFrame = { hearthdesk: 'open'; page: string; again?: boolean } | { hearthdesk: 'shut' };

export type FromFrame =
  | { hearthdesk: 'ready' }
  | { hearthdesk: 'shut' }
  | { hearthdesk: 'unread'; count: number; words: string };

/** Whether this browser has a conversation that goes on, and had it open on the page before. */
export type FromRecall = { hearthdesk: 'open' | 'known' | 'unknown' };

/** From the settings page to its preview: what is typed in the form, not saved yet. */
export interface Preview {
  hearthdesk: 'preview';
  name: string;
  colour: string;
  greeting: string;
  notice: string;
}
