// The door of customers.
import './hooks';

export { changeCustomer } from './change';
export { type AddressRow, type CustomerRow, cleanName } from './customer';
export type { AtWork } from './hooks';
export {
  addProvenAddress,
  claimAddress,
  createCustomer,
  knowCustomerByMail,
  proveAddress,
  type VerifiedHow,
} from './know';
export {
  type CustomerMergeRefusal,
  type CustomerUnmergeOutcome,
  canUnmergeCustomer,
  findMergedInto,
  findStayingCustomer,
  mergeCustomers,
  needStaying,
  unmergeCustomer,
  whyNotMergeCustomers,
  withMerged,
} from './merging/merge';
export {
  changeNote,
  findNoteOn,
  findNotesOn,
  type NoteRow,
  noteOnCustomer,
  removeNote,
} from './notes/notes';
export {
  type OrganizationOutcome,
  placeCustomer,
  removeOrganization,
  saveOrganization,
  takeInSome,
} from './organizations/change';
export { MOST_DOMAINS, type OrganizationRow, typedDomains } from './organizations/organization';
export {
  countCustomersOf,
  countUnplaced,
  findDomainsOf,
  findOrganizationById,
  findOrganizationByPublicId,
  findOrganizationIds,
  findOrganizationNamed,
  findOrganizationNames,
  findOrganizationsLike,
  type ListedOrganization,
  MOST_CUSTOMERS_COUNTED,
  ORGANIZATIONS_A_PAGE,
} from './organizations/queries';
export { customersPersonal } from './personal';
export {
  deleteOldReads,
  findAddresses,
  findAddressesByKey,
  findCustomerByAddress,
  findCustomerById,
  findCustomerByPublicId,
  findCustomersIn,
  findCustomersLike,
  findCustomersOf,
  insertRead,
  type ListedCustomer,
  updateAddressFailing,
  updateCustomer,
  updateTimeZone,
} from './queries';
export { noteLook, writeLooks } from './read-log';
