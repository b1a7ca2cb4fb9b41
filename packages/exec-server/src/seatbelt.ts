import type { Command } from './child.js';
import { existingRoots } from './existing-roots.js';
import { protectedPaths } from './protected-paths.js';
import type { SandboxedOptions } from './sandboxed-command.js';

/** What every command needs to run at all, and none of it is a way out. The language is the one of `sandbox-exec`. */
const BASE = `(version 1)
(deny default)
(allow process-exec)
(allow process-fork)
(allow signal (target same-sandbox))
(allow process-info* (target same-sandbox))
(allow sysctl-read)
(allow ipc-posix-sem)
(allow mach-lookup
  (global-name "com.apple.system.opendirectoryd.libinfo")
  (global-name "com.apple.system.opendirectoryd.membership")
  (global-name "com.apple.system.logger")
  (global-name "com.apple.logd"))
(allow pseudo-tty)
(allow file-read*)
(allow file-write-data file-ioctl
  (literal "/dev/null") (literal "/dev/zero") (literal "/dev/tty") (literal "/dev/ptmx")
  (literal "/dev/stdout") (literal "/dev/stderr") (literal "/dev/dtracehelper")
  (regex #"^/dev/(fd/[0-9]+|ttys[0-9]+)$"))
`;

/** Everything about the network, the sockets with a path too; and the services that names are looked up with. */
const NETWORK = `(allow network*)
(allow system-socket)
(allow mach-lookup
  (global-name "com.apple.SystemConfiguration.configd")
  (global-name "com.apple.networkd")
  (global-name "com.apple.trustd.agent"))
`;

/**
 * The command that runs `command` under macOS's `sandbox-exec`, with a profile made for these rules.
 *
 * - Reading is allowed everywhere, writing in the roots that exist but for the protected paths in them. A protected name can be
 *   neither written, made, moved nor removed, also where it does not exist yet.
 * - No network and no unix socket unless `networkAccess`.
 * - Signals reach the sandbox's own processes only.
 *
 * Paths are handed over as parameters and never stand in the profile, so that no name of a directory can end a rule early.
 * Rejects with the platform's error when the directories cannot be read.
 */
export async function seatbeltCommand(command: Command, options: SandboxedOptions): Promise<Command> {
  const { rules } = options;
  const paths: string[] = [];
  /** An expression that stands for a path and everything below it. */
  const subpath = (path: string): string => {
    paths.push(path);
    return `(subpath (param "PATH_${paths.length - 1}"))`;
  };
  const roots = await existingRoots(rules.writableRoots);
  const writable: string[] = [];
  for (const root of roots) {
    const kept = await protectedPaths(root, { others: options.protectedPaths, missing: 'included' });
    const denied = kept.map((path) => `(require-not ${subpath(path)})`);
    writable.push(`(allow file-write* (require-all ${[subpath(root), ...denied].join(' ')}))`);
  }
  const profile = [BASE, rules.networkAccess ? NETWORK : '', ...writable].join('\n');
  const definitions = paths.flatMap((path, index) => ['-D', `PATH_${index}=${path}`]);
  return { ...command, argv: [options.executable, '-p', profile, ...definitions, '--', ...command.argv] };
}
