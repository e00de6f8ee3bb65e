// The door of setup.
export { setUpFromValues } from './command';
export { setupRoutes } from './routes';
export { isSetUp, offerSetup, opensSetup, setUpFirm } from './set-up';
