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

export interface UploadLimits {
  /** Below the data folder. */
  folder: string;
  /** In bytes, of one file. */
  largest: number;
  most: number;
  /** Says what is too much, in one sentence. */
  says: string;
}

const OF_MESSAGES: UploadLimits = {
  folder: 'files/incoming',
  largest: LARGEST_UPLOAD,
  most: MOST_FILES,
  says: `A file may have 25 MB and a message ${MOST_FILES} files.`,
};

/** Reads `multipart/form-data`; files of the field `files` are at `uploads(req)` until the answer is sent. */
export function acceptUploads(dataFolder: string, limits = OF_MESSAGES): RequestHandler {
  const folder = join(dataFolder, limits.folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const receive = multer({
    dest: folder,
    defParamCharset: 'utf8',
    limits: {
      fileSize: limits.largest,
      files: limits.most,
      fields: 100,
      fieldSize: 1_000_000,
      parts: limits.most + 180,
    },
  }).array('files', limits.most);

  return (req, res, next) => {
    res.on('close', () => {
      // What a command kept was renamed away; the rest is gone whether unlink finds it or not.
      for (const upload of uploadsOf(req)) void unlink(upload.path).catch(() => undefined);
    });
    receive(req, res, (error: unknown) => next(error && asProblem(error, limits.says)));
  };
}

/** What the disk says stays as it is; everything else is the sender's form. */
function asProblem(error: unknown, says: string): unknown {
  if (error instanceof multer.MulterError) {
    const isOddField = error.code === 'LIMIT_UNEXPECTED_FILE' && error.field !== 'files';
    return isOddField ? Invalid('Files can be sent in the field "files" only.', error) : TooLarge(says);
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
