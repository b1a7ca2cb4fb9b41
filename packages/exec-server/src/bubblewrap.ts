import { realpath } from 'node:fs/promises';
import type { SandboxRules } from '@millrace/core/ports';
import { ATTACHED_DESCRIPTOR, type Command } from './child.js';
import { existingRoots } from './existing-roots.js';
import { isWithin } from './is-within.js';
import { protectedPaths } from './protected-paths.js';
import type { SandboxedOptions } from './sandboxed-command.js';
import { socketFilter } from './socket-filter.js';

/** A private, writable directory in memory that `--dev` makes. */
const PRIVATE_TEMPORARY_DIRECTORY = '/dev/shm';
/** Where services put their sockets: a container engine's is as good as root, and a read-only mount does not stop a connect. */
const SOCKET_DIRECTORY = '/run';

/**
 * The command that runs `command` inside bubblewrap.
 *
 * - The whole file system is there, read-only. Writable roots are bound over it, then the protected paths inside them
 *   read-only again. Roots that do not exist are left out: nothing is created on the host.
 * - All namespaces are new, the network's too unless `networkAccess`; no capability is left; the sandbox dies with the
 *   thread of this process that started it.
 * - `/dev` has the harmless devices only, `/proc` shows the sandbox's own processes.
 * - Where no temporary directory is writable, `TMPDIR` is a private one in memory: programs that need one work, and
 *   nothing they leave there is kept. (A private `/tmp` would hide the files that people keep in the real one.)
 * - Without network `/run` is empty, and the kernel refuses every socket but those of the sandbox's own network: a read-only
 *   mount does not stop a connect to a socket that has a path. See {@link socketFilter} for processors that have no such filter.
 *
 * Rejects with the platform's error when the directories cannot be read.
 */
export async function bubblewrapCommand(command: Command, options: SandboxedOptions): Promise<Command> {
  const { rules } = options;
  const roots = await existingRoots(rules.writableRoots);
  const cwd = await realpath(command.cwd);
  const attached = rules.networkAccess ? undefined : socketFilter(process.arch);
  const args: string[] = [
    ...['--unshare-all', '--die-with-parent', '--cap-drop', 'ALL'],
    ...(rules.networkAccess ? ['--share-net'] : []),
    ...(options.keepSession ? [] : ['--new-session']),
    ...[roots.includes('/') ? '--bind' : '--ro-bind', '/', '/'],
    ...['--dev', '/dev', '--proc', '/proc'],
    ...(await hideSockets(rules, cwd)),
    ...(attached === undefined ? [] : ['--seccomp', String(ATTACHED_DESCRIPTOR)]),
  ];
  for (const root of roots) {
    if (root !== '/') args.push('--bind', root, root);
    for (const path of await protectedPaths(root, { others: options.protectedPaths }))
      args.push('--ro-bind', path, path);
  }
  const temporary = await realpath(command.env.TMPDIR ?? '/tmp').catch(() => undefined);
  if (temporary === undefined || !roots.some((root) => isWithin(temporary, root))) {
    args.push('--setenv', 'TMPDIR', PRIVATE_TEMPORARY_DIRECTORY);
  }
  const argv = [options.executable, ...args, '--chdir', cwd, '--', ...command.argv] as const;
  return { ...command, argv, ...(attached === undefined ? {} : { attached }) };
}

async function hideSockets(rules: SandboxRules, cwd: string): Promise<readonly string[]> {
  const real = await realpath(SOCKET_DIRECTORY).catch(() => undefined);
  if (rules.networkAccess || real !== SOCKET_DIRECTORY) return [];
  const hide = ['--tmpfs', SOCKET_DIRECTORY];
  return isWithin(cwd, SOCKET_DIRECTORY) ? [...hide, '--ro-bind', cwd, cwd] : hide;
}
