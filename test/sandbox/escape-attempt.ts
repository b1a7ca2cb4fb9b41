import { readFileSync } from 'node:fs';
import type { Playground } from './playground.js';

/** One way out of the sandbox: what a command tries, and how somebody outside sees that it got through. */
export interface EscapeAttempt {
  readonly name: string;
  /** A shell script, run in the writable root. */
  readonly script: (playground: Playground) => string;
  /** True when the script did what it wanted, as seen from outside. */
  readonly hasEscaped: (playground: Playground, output: string) => boolean | Promise<boolean>;
  /** Without a sandbox it works for the superuser alone, so only there can be shown that the sandbox is what stops it. */
  readonly needsRoot?: true;
}

/** Writing where it is not allowed: by a name, a link, an open file of another process, or a name of the protected ones. */
export const FILE_ESCAPES: readonly EscapeAttempt[] = [
  file('makes a file outside', () => 'echo evil > "$OUT/made"', 'made'),
  {
    name: 'appends to a file outside',
    script: () => 'echo evil >> "$OUT/file"',
    hasEscaped: ({ outside }) => outside.read('file') !== 'good',
  },
  {
    name: 'empties a file outside',
    script: () => 'truncate -s 0 "$OUT/file"',
    hasEscaped: ({ outside }) => outside.read('file') !== 'good',
  },
  {
    name: 'removes a file outside',
    script: () => 'rm -f "$OUT/file"',
    hasEscaped: ({ outside }) => !outside.has('file'),
  },
  file('gives a file outside another name', () => 'mv "$OUT/file" "$OUT/moved"', 'moved'),
  file('moves a file out of the root', () => 'echo evil > own && mv own "$OUT/own"', 'own'),
  file('makes a directory outside', () => 'mkdir "$OUT/directory"', 'directory'),
  file('makes a named pipe outside', () => 'mkfifo "$OUT/pipe"', 'pipe'),
  file('makes a link outside', () => 'ln -s /etc/passwd "$OUT/link"', 'link'),
  {
    name: 'changes the mode of a file outside',
    script: () => 'chmod 777 "$OUT/file"',
    hasEscaped: ({ outside }) => (outside.stat('file').mode & 0o777) === 0o777,
  },
  {
    name: 'changes the times of a file outside',
    script: () => 'touch -d 2001-01-01 "$OUT/file"',
    hasEscaped: ({ outside }) => outside.stat('file').mtime.getFullYear() < 2002,
  },
  file('writes through a link that it made', () => 'ln -s "$OUT" way && echo evil > way/through', 'through'),
  file('writes through a link that was there', () => 'echo evil > out/through', 'through'),
  {
    name: 'writes through a hard link that it made',
    script: () => 'ln "$OUT/file" hard && echo evil > hard',
    hasEscaped: ({ outside }) => outside.read('file') !== 'good',
  },
  file('writes through its own root directory', () => 'echo evil > "/proc/self/root$OUT/made"', 'made'),
  file('writes above its working directory', () => 'echo evil > /proc/self/cwd/../outside/made', 'made'),
  file(
    'writes through the root directory of a process outside',
    ({ victim }) => `echo evil > "/proc/${victim.pid}/root$OUT/made"`,
    'made',
  ),
  {
    name: 'writes to a file that a process outside has open',
    script: ({ victim }) => `echo evil > /proc/${victim.pid}/fd/4`,
    hasEscaped: ({ outside }) => outside.read('file') !== 'good',
  },
  file(
    'writes to the shared memory of the machine',
    ({ shared }) => `echo evil > ${shared}`,
    ({ shared }) => shared,
  ),
  file(
    'writes to the temporary directory',
    ({ temporary }) => `echo evil > ${temporary}`,
    ({ temporary }) => temporary,
  ),
];

/** Writing inside a writable root what decides what runs later, outside. */
export const PROTECTED_ESCAPES: readonly EscapeAttempt[] = [
  inRoot('makes a hook of git', 'echo evil > .git/hooks/pre-commit', '.git/hooks/pre-commit'),
  inRoot('adds to the settings of git', 'echo evil >> .git/config', '.git/config'),
  inRoot(
    'puts another repository in the place of the one that is there',
    'mv .git old && mkdir -p .git/hooks && echo evil > .git/hooks/pre-commit',
    '.git/hooks/pre-commit',
  ),
  inRoot(
    'removes the repository and makes another',
    'rm -rf .git; mkdir .git; echo evil > .git/config',
    '.git/config',
  ),
  inRoot(
    'moves a directory of its own over the repository',
    'mkdir -p new/hooks && echo evil > new/hooks/pre-commit && mv -T .git old && mv -T new .git',
    '.git/hooks/pre-commit',
  ),
  {
    name: 'writes to the repository that a .git file names',
    script: () => 'echo evil > "$TREE/store.git/config"',
    hasEscaped: ({ tree }) => tree.read('store.git/config').includes('evil'),
  },
  {
    name: 'names another repository in a .git file',
    script: () => 'echo "gitdir: evil" > "$TREE/.git"',
    hasEscaped: ({ tree }) => tree.read('.git').includes('evil'),
  },
  inRoot('writes the instructions of agents', 'echo evil > .agents/instructions', '.agents/instructions'),
  inRoot('writes the configuration of this program', 'echo evil > home/config.toml', 'home/config.toml'),
  inRoot(
    'writes the rules of this program',
    'echo evil > home/rules/default.rules',
    'home/rules/default.rules',
  ),
  inRoot(
    'puts another home in the place of the one of this program',
    'mv home old && mkdir home && echo evil > home/config.toml',
    'home/config.toml',
  ),
];

/** Reaching processes outside, or outliving the sandbox. */
export const PROCESS_ESCAPES: readonly EscapeAttempt[] = [
  {
    name: 'kills a process outside',
    script: ({ victim }) => `kill -9 ${victim.pid}`,
    hasEscaped: ({ victim }) => victim.hasEnded(),
  },
  {
    name: 'kills a process group outside',
    script: ({ victim }) => `/bin/kill -9 -- -${victim.pid}`,
    hasEscaped: ({ victim }) => victim.hasEnded(),
  },
  {
    name: 'stops a process outside',
    script: ({ victim }) => `kill -STOP ${victim.pid}`,
    hasEscaped: ({ victim }) => victim.hasStopped(),
  },
  {
    name: 'reads the environment of a process outside',
    script: ({ victim }) => `tr '\\0' '\\n' < /proc/${victim.pid}/environ`,
    hasEscaped: ({ victim }, output) => output.includes(victim.secret),
  },
  {
    name: 'takes the processor from a process outside',
    script: ({ victim }) => `renice -n 7 -p ${victim.pid}`,
    hasEscaped: ({ victim }) => readFileSync(`/proc/${victim.pid}/stat`, 'utf8').split(' ')[18] === '7',
  },
  {
    name: 'offers a process outside to the kernel when memory is short',
    script: ({ victim }) => `echo 999 > /proc/${victim.pid}/oom_score_adj`,
    hasEscaped: ({ victim }) => readFileSync(`/proc/${victim.pid}/oom_score_adj`, 'utf8') === '999\n',
  },
  {
    name: 'takes a process outside over with ptrace',
    // PTRACE_ATTACH, by its number in the table of x86-64 or of everybody else.
    script: ({ victim }) =>
      `perl -e 'exit(syscall(${process.arch === 'x64' ? 101 : 117}, 16, ${victim.pid}, 0, 0) != 0)' && echo attached`,
    hasEscaped: (_playground, output) => output.includes('attached'),
    needsRoot: true,
  },
  {
    name: 'goes into the namespaces of a process outside',
    script: ({ victim }) => `nsenter -t ${victim.pid} -m -- touch "$OUT/made"`,
    hasEscaped: ({ outside }) => outside.has('made'),
    needsRoot: true,
  },
  {
    name: 'leaves a process behind that outlives it',
    script: ({ mark }) => `setsid -f sleep ${mark} > /dev/null 2>&1 < /dev/null; sleep 0.05`,
    hasEscaped: (playground) => playground.processesWithMark().length > 0,
  },
  {
    name: 'leaves shared memory behind',
    script: ({ mark }) => `ipcmk -M ${mark}`,
    hasEscaped: ({ mark }) => readFileSync('/proc/sysvipc/shm', 'utf8').includes(` ${mark} `),
  },
];

/** Getting rights, mounts and devices that it has not. */
export const PRIVILEGE_ESCAPES: readonly EscapeAttempt[] = [
  file(
    'makes mounts writable again in a namespace of its own',
    () => 'unshare -Urm sh -c \'mount -o remount,rw,bind /; echo evil > "$OUT/made"\'',
    'made',
  ),
  inRoot(
    'takes the mount off the repository in a namespace of its own',
    "unshare -Urm sh -c 'umount .git; echo evil > .git/config'",
    '.git/config',
  ),
  inRoot('takes the mount off the repository', 'umount .git; echo evil > .git/config', '.git/config'),
  {
    name: 'mounts something outside',
    script: () => 'mount -t tmpfs none "$OUT/mount"',
    hasEscaped: ({ outside }) => readFileSync('/proc/mounts', 'utf8').includes(outside.path('mount')),
    needsRoot: true,
  },
  {
    name: 'gives a file to another user',
    script: () => 'echo own > own && chown 12345 own',
    hasEscaped: ({ root }) => root.stat('own').uid === 12_345,
    needsRoot: true,
  },
  {
    name: 'becomes another user',
    script: () => 'setpriv --reuid 12345 --clear-groups id -u',
    hasEscaped: (_playground, output) => output.includes('12345'),
    needsRoot: true,
  },
  {
    name: 'makes a device',
    script: () => 'mknod device b 7 0',
    hasEscaped: ({ root }) => root.has('device') && root.stat('device').isBlockDevice(),
    needsRoot: true,
  },
  {
    name: 'writes to the log of the kernel',
    script: ({ mark }) => `echo escape-${mark} > /dev/kmsg`,
    hasEscaped: (playground) => playground.kernelLog().includes(`escape-${playground.mark}`),
    needsRoot: true,
  },
  {
    name: 'types into a terminal of somebody else',
    script: ({ terminal }) => `echo evil > ${terminal.path}`,
    hasEscaped: ({ terminal }) => terminal.shown().includes('evil'),
  },
];

/** Talking to anybody outside. */
export const NETWORK_ESCAPES: readonly EscapeAttempt[] = [
  {
    name: 'connects to a TCP port of the machine',
    script: ({ services }) => connect(`{ port: ${services.tcp}, host: '127.0.0.1' }`),
    hasEscaped: ({ services }) => services.visits() > 0,
  },
  {
    name: 'sends a datagram to the machine',
    script: ({ services }) =>
      node(
        `require('node:dgram').createSocket('udp4').send('evil', ${services.udp}, '127.0.0.1', () => process.exit())`,
      ),
    hasEscaped: ({ services }) => services.visits() > 0,
  },
  {
    name: 'connects to a unix socket by its path',
    script: ({ services }) => connect(`{ path: '${services.path}' }`),
    hasEscaped: ({ services }) => services.visits() > 0,
  },
  {
    name: 'connects to a unix socket in the writable root',
    script: ({ services }) => connect(`{ path: '${services.pathInRoot}' }`),
    hasEscaped: ({ services }) => services.visits() > 0,
  },
  {
    name: 'connects to a unix socket through a link',
    script: ({ services }) => `ln -s '${services.path}' socket && ${connect("{ path: 'socket' }")}`,
    hasEscaped: ({ services }) => services.visits() > 0,
  },
  {
    name: 'connects to a unix socket without a path',
    script: ({ services }) => connect(`{ path: '\\\\0${services.abstract}' }`),
    hasEscaped: ({ services }) => services.visits() > 0,
  },
  {
    name: 'listens where the machine can connect to it',
    script: ({ services }) =>
      node(
        `require('node:net').createServer((socket) => process.exit()).listen(${services.freePort}, '127.0.0.1', () => console.log('listening')); setTimeout(() => process.exit(), 400)`,
      ),
    hasEscaped: ({ services }) => services.hasReached(),
  },
  {
    name: 'offers a unix socket to the machine',
    script: () =>
      node(
        `require('node:net').createServer().listen('offered', () => process.kill(process.pid, 'SIGKILL'))`,
      ),
    hasEscaped: ({ root }) => root.has('offered'),
  },
];

function file(
  name: string,
  script: EscapeAttempt['script'],
  target: string | ((playground: Playground) => string),
): EscapeAttempt {
  return {
    name,
    script,
    hasEscaped: (playground) =>
      playground.outside.has(typeof target === 'string' ? target : target(playground)),
  };
}

/** An attempt on a protected path; it succeeds when that path holds what the command wrote. */
function inRoot(name: string, script: string, path: string): EscapeAttempt {
  return {
    name,
    script: () => script,
    hasEscaped: ({ root }) => root.has(path) && root.read(path).includes('evil'),
  };
}

function node(code: string): string {
  return `"${process.execPath}" -e "${code.replaceAll('"', '\\"')}"`;
}

function connect(target: string): string {
  return node(
    `require('node:net').connect(${target}).on('error', () => process.exit(1)).on('data', () => process.exit())`,
  );
}
