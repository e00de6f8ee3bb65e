// The door of the event log.
export { type EventRow, type Follower, Followers, followOnce } from './follow';
export { eventsPersonal } from './personal';
export { type Actor, type EventFacts, type EventName, record, SYSTEM, wasNotedAfter } from './record';
