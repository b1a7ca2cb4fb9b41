import { existsSync, lstatSync, readFileSync, type Stats } from 'node:fs';
import { isAbsolute, join } from 'node:path';

/** A directory as somebody outside the sandbox sees it. Names are relative to it, or absolute. */
export class Directory {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  path(name = ''): string {
    return isAbsolute(name) ? name : join(this.#path, name);
  }

  has(name: string): boolean {
    return existsSync(this.path(name)) || lstatSync(this.path(name), { throwIfNoEntry: false }) !== undefined;
  }

  /** The text of a file. */
  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** What stands under the name itself; links are not followed. */
  stat(name: string): Stats {
    return lstatSync(this.path(name));
  }
}
