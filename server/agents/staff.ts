// Who may decide about whom: rules over roles, without a database.
import { mayRole, ROLES, type Role } from '../roles';

const isLeading = (role: Role) => role === 'owner' || role === 'admin';

/** The roles somebody may give; owners and admins are made by owners only. */
export const rolesToGive = (giver: Role): Role[] =>
  mayRole(giver, 'agents.change')
    ? ROLES.filter((role) => !isLeading(role) || mayRole(giver, 'agents.owners'))
    : [];

/** Whether somebody may change or remove a person of that role. */
export const mayDecideAbout = (decider: Role, role: Role): boolean => rolesToGive(decider).includes(role);
