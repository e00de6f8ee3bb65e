// The door of attachments.
export { attach, detachAll, handAttachmentsOn, type NewAttachment } from './attach';
export { cleanFileName, contentDisposition, isShownInPlace } from './attachment';
export { attachmentsPersonal } from './personal';
export {
  type AttachmentRow,
  deleteAttachment,
  findAttachment,
  findAttachments,
  findAttachmentsOfMessages,
} from './queries';
export { removeFileEverywhere } from './remove-file';
export { sendAttachment } from './send-file';
export { filePath, readStored, removeStored, type StoredFile, storeBytes, storeUpload } from './store';
export { sweepFiles, sweepStrays } from './sweep';
