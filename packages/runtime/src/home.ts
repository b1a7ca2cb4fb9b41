import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * The home directory: what the caller says, else `MILLRACE_HOME`, else `~/.millrace`. Absolute. It holds `config.toml` and the
 * threads; nothing is created before it is needed.
 */
export function resolveHome(home: string | undefined, environment: NodeJS.ProcessEnv): string {
  const named = home ?? environment.MILLRACE_HOME;
  return named === undefined || named === '' ? join(homedir(), '.millrace') : resolve(named);
}
