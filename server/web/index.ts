// The door of the web platform.
export { cameSecurely } from './came-securely';
export { shortIpOf } from './client-address';
export type { Reader, RequestContext } from './context';
export {
  clearSessionCookie,
  cookieIn,
  readSessionCookie,
  sessionCookieOf,
  setSessionCookie,
} from './cookies';
export {
  type BadForm,
  checkbox,
  checkForm,
  errorWords,
  type FieldErrors,
  type Form,
  formWithError,
  line,
  readForm,
  requiredLine,
  requiredText,
  text,
  typedIn,
  wholeNumber,
} from './form';
export { FILE_POLICY, PAGE_POLICY } from './headers';
export { addSecurityHeaders, type Doorway, openDoorway } from './http-server';
export { ownOrigin } from './origin-check';
export { cameFromOwnPage } from './own-page';
export {
  asset,
  bytesOf,
  fragment,
  KEPT,
  type PageModel,
  page,
  renderFragment,
  renderPage,
  send,
  staticFile,
} from './page';
export { webPersonal } from './personal';
export { type Said, say } from './said';
export { clientShortIp, createRouter, createServer, type Identify } from './server';
export type { RailItem, Shell } from './shell';
export { escapeHtml, openTemplates } from './templates';
export { clearTries, countTry, deleteOldTries, isBlocked, type TryLimit } from './tries';
export { acceptUploads, LARGEST_UPLOAD, type Upload, uploadsOf } from './upload';
