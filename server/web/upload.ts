// Files that come with a form: streamed to a temporary place in the data folder, with limits (AC-29).
import { mkdirSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import multer from 'multer';
import { Invalid, TooLarge } from '../lib/errors';

export interface Upload {
  path: string;
  name: string;
  declaredType: string;
  size: number;
}

export const LARGEST_UPLOAD = 25_000_000;
const MOST_FILES = 20;

/** Reads `multipart/form-data`; files of the field `files` are at `uploads(req)` until the answer is sent. */
export function acceptUploads(dataFolder: string): RequestHandler {
  const folder = join(dataFolder, 'files', 'incoming');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const receive = multer({
    dest: folder,
    defParamCharset: 'utf8',
    limits: { fileSize: LARGEST_UPLOAD, files: MOST_FILES, fields: 100, fieldSize: 1_000_000, parts: 200 },
  }).array('files', MOST_FILES);

  return (req, res, next) => {
    res.on('close', () => {
      // What a command kept was renamed away; the rest is gone whether unlink finds it or not.
      for (const upload of uploadsOf(req)) void unlink(upload.path).catch(() => undefined);
    });
    receive(req, res, (error: unknown) => next(error && asProblem(error)));
  };
}

/** What the disk says stays as it is; everything else is the sender's form. */
function asProblem(error: unknown): unknown {
  if (error instanceof multer.MulterError) {
    const isOddField = error.code === 'LIMIT_UNEXPECTED_FILE' && error.field !== 'files';
    return isOddField
      ? Invalid('Files can be sent in the field "files" only.', error)
      : TooLarge(`A file may have 25 MB and a message ${MOST_FILES} files.`);
  }
  return (error as NodeJS.ErrnoException).code === undefined
    ? Invalid('That form could not be read.', error)
    : error;
}

export function uploadsOf(req: { files?: unknown }): Upload[] {
  const files = Array.isArray(req.files) ? (req.files as Express.Multer.File[]) : [];
  return files.map((file) => ({
    path: file.path,
    name: file.originalname,
    declaredType: file.mimetype,
    size: file.size,
  }));
}
