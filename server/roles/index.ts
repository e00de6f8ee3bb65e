// The door of roles.
export { anyone, can, type Guard } from './guards';
export { mayRole, PERMISSIONS, type Permission, ROLES, type Role, seesEverything } from './permissions';
export { roleRoutes } from './routes';
