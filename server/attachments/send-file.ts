// Sends an attachment: a download, or a raster image in place, allowed to do nothing (AC-04).
import type { Response } from 'express';
import type { App } from '../app';
import { FILE_POLICY } from '../web';
import { contentDisposition, isShownInPlace } from './attachment';
import type { AttachmentRow } from './queries';
import { filePath } from './store';

/** The caller has checked that the reader may see the owner. */
export function sendAttachment(app: App, res: Response, attachment: AttachmentRow): void {
  const inPlace = isShownInPlace(attachment.type);
  res.set('Content-Type', inPlace ? attachment.type : 'application/octet-stream');
  res.set('Content-Disposition', contentDisposition(inPlace ? 'inline' : 'attachment', attachment.name));
  res.set('Content-Security-Policy', FILE_POLICY);
  res.set('Cross-Origin-Resource-Policy', 'same-origin');
  res.set('Cache-Control', 'private, max-age=3600');
  res.sendFile(filePath(app.config.data, attachment.disk_name), {
    acceptRanges: true,
    cacheControl: false,
    dotfiles: 'allow',
  });
}
