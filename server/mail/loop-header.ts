// How we know our own machine mail again.

/** On machine mail (O3): the address it was sent from. When it comes back, that is a loop (M11). */
export const LOOP_HEADER = 'X-Hearthdesk-Loop';
