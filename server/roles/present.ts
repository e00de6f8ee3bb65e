// What each role may do, as one table that is made from PERMISSIONS and nothing else.
import type { PageModel, Reader } from '../web';
import { mayRole, PERMISSIONS, type Permission, ROLES, type Role } from './permissions';

export interface RoleColumn {
  role: Role;
  name: string;
  hint: string;
}

export interface PermissionLine {
  text: string;
  /** In the order of the columns. */
  may: { role: string; allowed: boolean }[];
}

/** views/settings/roles */
export interface RolesPage extends PageModel {
  t: Reader['t'];
  roles: RoleColumn[];
  /** Permissions of one subject together, in the table's order. */
  groups: { title: string; lines: PermissionLine[] }[];
}

export function rolesPage({ t }: Reader): RolesPage {
  const roles = ROLES.map((role) => ({ role, name: t(`roles.${role}`), hint: t(`roles.${role}.hint`) }));
  const permissions = Object.keys(PERMISSIONS) as Permission[];
  const subjects = [...new Set(permissions.map(subjectOf))];
  const groups = subjects.map((subject) => ({
    title: t(`roles.subject.${subject}`),
    lines: permissions
      .filter((permission) => subjectOf(permission) === subject)
      .map((permission) => ({
        text: t(`roles.may.${permission}`),
        may: roles.map(({ role, name }) => ({ role: name, allowed: mayRole(role, permission) })),
      })),
  }));
  return { layout: 'settings', current: 'settings.roles', title: t('roles.title'), t, roles, groups };
}

const subjectOf = (permission: Permission) => permission.slice(0, permission.indexOf('.'));
