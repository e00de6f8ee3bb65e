// The door of live signals.
export { type Bucket, takeFrom } from './bucket';
export { type Ack, onEvent, type SocketEvent } from './event-handler';
export { Hub, type Signal } from './hub';
export { openSockets } from './server';
