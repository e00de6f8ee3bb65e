// The door of the demo.
export { demo } from './command';
