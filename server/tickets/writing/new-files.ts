// Uploaded files become attachments: written and synced first, their type sniffed from the bytes.
import { open } from 'node:fs/promises';
import type { Request } from 'express';
import { fileTypeFromBuffer } from 'file-type';
import type { App } from '../../app';
import { storeUpload } from '../../attachments';
import { uploadsOf } from '../../web';
import type { NewFiles } from '../forms';

const SNIFFED_BYTES = 4_100;

export async function newFilesOf(app: App, req: Request): Promise<NewFiles> {
  const files: NewFiles = [];
  for (const upload of uploadsOf(req)) {
    const type = (await fileTypeFromBuffer(await firstBytes(upload.path)))?.mime ?? '';
    files.push({
      file: await storeUpload(app, upload),
      name: upload.name,
      declaredType: upload.declaredType,
      type,
    });
  }
  return files;
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
