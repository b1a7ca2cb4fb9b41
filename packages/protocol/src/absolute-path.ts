import { z } from 'zod';

/** A path of the machine that the server runs on: from its root, or on Windows from a drive or a share. */
export const AbsolutePath = z
  .string()
  .refine(
    (path) => /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path),
    'AbsolutePathBuf deserialized without a base path',
  );
