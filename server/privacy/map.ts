// The map of personal data, whole (P1): what every domain says of its tables. Export, erasure and retention read only this.

import { agentsPersonal } from '../agents';
import { attachmentsPersonal } from '../attachments';
import { chatPersonal } from '../chat';
import { customersPersonal } from '../customers';
import { eventsPersonal } from '../events';
import { jobsPersonal } from '../jobs';
import type { PersonalDomain, PersonalTable, Thing } from '../lib/personal';
import { mailPersonal } from '../mail';
import { noticesPersonal } from '../notices';
import { settingsPersonal } from '../settings';
import { ticketsPersonal } from '../tickets';
import { webPersonal } from '../web';
import { privacyPersonal } from './personal';

/** In the order of the ladder. */
export const DOMAINS: readonly PersonalDomain[] = [
  eventsPersonal,
  jobsPersonal,
  webPersonal,
  settingsPersonal,
  attachmentsPersonal,
  mailPersonal,
  agentsPersonal,
  customersPersonal,
  ticketsPersonal,
  chatPersonal,
  noticesPersonal,
  privacyPersonal,
];

/** Parents before children, left before right. */
export const TABLES: readonly PersonalTable[] = DOMAINS.flatMap((domain) => domain.tables);

/** The other way round: nothing goes before what hangs on it. */
export const TABLES_CHILDREN_FIRST: readonly PersonalTable[] = TABLES.toReversed();

/** Tables whose rows hang on a thing. */
export const tablesOf = (thing: Thing) => TABLES.filter((table) => table.of?.[thing]);
