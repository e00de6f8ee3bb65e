// The door of setup.
export { carryOutSetup, planSetup, type SetupPlan } from './command';
export { setupRoutes } from './routes';
export { isSetUp, offerSetup, opensSetup, setUpFirm } from './set-up';
