import { dirname } from 'node:path';
import { LIMITS } from '@millrace/protocol';
import { type Disk, diskErrorCode } from './disk.js';
import { replacePrivateFile } from './private-file.js';

/** The credentials of a home cannot be read or kept. The message holds none of them. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * The API key that somebody has logged in with, in a file that only its owner may read. The key is told to the model client and to
 * nobody else.
 */
export class Credentials {
  readonly #path: string;
  readonly #disk: Disk;
  /** Why the file counts as empty although it is there, for people; null where it does not. */
  readonly problem: string | null;
  #apiKey: string | null;

  private constructor(path: string, disk: Disk, read: { apiKey: string | null; problem: string | null }) {
    this.#path = path;
    this.#disk = disk;
    this.#apiKey = read.apiKey;
    this.problem = read.problem;
  }

  /** Reads the file. One that is missing or cannot be understood holds no key. */
  static async load(path: string, disk: Disk): Promise<Credentials> {
    try {
      const bytes = await disk.readFile(path, LIMITS.configFileBytes);
      const apiKey = readApiKey(new TextDecoder().decode(bytes));
      return new Credentials(path, disk, { apiKey, problem: null });
    } catch (error) {
      const isMissing = diskErrorCode(error) === 'ENOENT';
      // Why it cannot be read is not told: a parser may quote the file.
      const problem = isMissing ? null : `The credentials in ${path} cannot be read; log in again.`;
      return new Credentials(path, disk, { apiKey: null, problem });
    }
  }

  /** Null when nobody has logged in. */
  get apiKey(): string | null {
    return this.#apiKey;
  }

  /** Keeps a key in the place of the one before. Rejects with {@link CredentialsError}; then the old one counts. */
  async setApiKey(apiKey: string): Promise<void> {
    const text = `${JSON.stringify({ auth_mode: 'apikey', OPENAI_API_KEY: apiKey }, null, 2)}\n`;
    await replacePrivateFile(this.#disk, this.#path, new TextEncoder().encode(text)).catch(
      (cause: unknown) => {
        throw new CredentialsError('the credentials cannot be kept', { cause });
      },
    );
    this.#apiKey = apiKey;
  }

  /** Forgets the key. Rejects with {@link CredentialsError} where the file cannot be removed; then the key counts on. */
  async clear(): Promise<void> {
    try {
      await this.#disk.unlink(this.#path);
      await this.#disk.syncDirectory(dirname(this.#path));
    } catch (cause) {
      if (diskErrorCode(cause) !== 'ENOENT')
        throw new CredentialsError('the credentials cannot be removed', { cause });
    }
    this.#apiKey = null;
  }
}

/** Null where the file names no key. Throws for anything that is no such file. */
function readApiKey(text: string): string | null {
  const stored: unknown = JSON.parse(text);
  if (typeof stored !== 'object' || stored === null) throw new TypeError('not an object');
  const key: unknown = 'OPENAI_API_KEY' in stored ? stored.OPENAI_API_KEY : null;
  if (key !== null && typeof key !== 'string') throw new TypeError('not a key');
  return key === '' ? null : key;
}
