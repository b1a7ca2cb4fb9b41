import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { arch, release, type } from 'node:os';
import { basename } from 'node:path';
import type { Host } from '@millrace/core';
import { commandEnvironment } from '@millrace/exec-server';
import type { Identity } from '@millrace/server';
import { VERSION } from './version.js';

/** Shells that understand `-lc` as we mean it. */
const SHELLS: readonly string[] = ['bash', 'zsh', 'sh', 'dash', 'ksh'];

/** Facts about this machine for the agent. */
export function localHost(environment: NodeJS.ProcessEnv, home: string): Host {
  return {
    version: VERSION,
    shell: findShell(environment.SHELL),
    timezone: localTimezone(),
    environment: commandEnvironment(environment),
    protectedPaths: [home],
    sha1: (bytes) => createHash('sha1').update(bytes).digest('hex'),
    sha256: (bytes) => createHash('sha256').update(bytes).digest('hex'),
    base64: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
  };
}

/** Facts about this machine for clients. */
export function localPlatform(
  environment: NodeJS.ProcessEnv,
): Pick<Identity, 'system' | 'platformFamily' | 'platformOs' | 'shell' | 'processFacts'> {
  const shell = findShell(environment.SHELL);
  const platformOs = process.platform === 'darwin' ? 'macos' : process.platform;
  return {
    system: `(${type()} ${release()}; ${arch()}) ${environment.TERM ?? 'unknown'}`,
    platformFamily: process.platform === 'win32' ? 'windows' : 'unix',
    platformOs,
    shell: { name: basename(shell), path: shell },
    processFacts: { id: process.pid, residentMemoryBytes: () => process.memoryUsage.rss() },
  };
}

/** `UTC` where the variable `TZ` names nothing that dates can be told in. */
function localTimezone(): string {
  const { timeZone = 'UTC' } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === 'Etc/Unknown' ? 'UTC' : timeZone;
}

function findShell(preferred: string | undefined): string {
  if (preferred !== undefined && SHELLS.includes(basename(preferred)) && existsSync(preferred))
    return preferred;
  return existsSync('/bin/bash') ? '/bin/bash' : '/bin/sh';
}
