// The door of customers.
export { changeCustomer } from './change';
export { type AddressRow, type CustomerRow, cleanName } from './customer';
export { claimAddress, createCustomer, knowCustomerByMail, proveAddress, type VerifiedHow } from './know';
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
  insertRead,
  type ListedCustomer,
  updateAddressFailing,
  updateCustomer,
} from './queries';
export { noteLook, writeLooks } from './read-log';
