import { importsOf } from './import-statement.js';
import { isTest, type SourceFile } from './source-file.js';

/** What a file takes from its surroundings instead of through a port. */
export type EffectKind = 'time' | 'randomness' | 'disk' | 'processes' | 'network';

/** One use of the surroundings, in one file. */
export interface AmbientEffect {
  readonly path: string;
  readonly kind: EffectKind;
}

/** A place where a kind of effect is at home. A path that ends in `/` stands for everything below it. */
export interface EffectHome extends AmbientEffect {
  readonly reason: string;
}

/**
 * The adapters. What stands nowhere else can be simulated; an entry more is a part less that a seed can replay.
 */
export const EFFECT_HOMES: readonly EffectHome[] = [
  {
    path: 'packages/channel/src/clock.ts',
    kind: 'time',
    reason: 'the clock of the machine, behind the Clock port',
  },
  {
    path: 'packages/channel/src/macrotask.ts',
    kind: 'time',
    reason: 'yields to the event loop; waits for no time',
  },
  {
    path: 'packages/exec-server/src/pipe-process.ts',
    kind: 'time',
    reason: 'lets the event loop deliver output that has arrived; waits for no time',
  },
  {
    path: 'packages/runtime/src/model-clients.ts',
    kind: 'randomness',
    reason: 'gives the jitter of retries to the model client, as a port',
  },
  {
    path: 'packages/runtime/src/system-ids.ts',
    kind: 'randomness',
    reason: 'the ids of the machine, behind the IdSource port',
  },
  {
    path: 'packages/runtime/src/local-host.ts',
    kind: 'disk',
    reason: 'what the machine says of itself, behind the Host port',
  },
  {
    path: 'packages/client/src/remote.ts',
    kind: 'randomness',
    reason: 'gives the jitter between attempts to reconnect to the link, as a port',
  },
  {
    path: 'packages/client/src/child-server.ts',
    kind: 'processes',
    reason: 'starts an app-server as a child, which is what it is for',
  },
  {
    path: 'packages/cli/src/exec-command.ts',
    kind: 'disk',
    reason: 'a surface: reads what the user names on the command line',
  },
  {
    path: 'packages/exec/src/exec.ts',
    kind: 'disk',
    reason: 'a surface: writes the last message to the file that the user names',
  },
  {
    path: 'packages/cli/src/websocket-auth.ts',
    kind: 'disk',
    reason: 'a surface: reads the token that the user names on the command line',
  },
  { path: 'packages/transport/src/', kind: 'network', reason: 'the adapter of sockets' },
  {
    path: 'packages/transport/src/socket-file.ts',
    kind: 'disk',
    reason: 'the file of a unix socket, and the directory that protects it',
  },
  { path: 'packages/exec-server/src/', kind: 'disk', reason: 'the adapter of files' },
  { path: 'packages/exec-server/src/', kind: 'processes', reason: 'the adapter of processes' },
  {
    path: 'packages/exec-server/src/',
    kind: 'network',
    reason: 'reads the output of processes from a socket',
  },
  {
    path: 'packages/exec-server/src/',
    kind: 'randomness',
    reason: 'names of temporary files that nobody guesses',
  },
  {
    path: 'packages/store/src/node-disk.ts',
    kind: 'disk',
    reason: 'the disk of the machine, behind the Disk port',
  },
  {
    path: 'packages/store/src/private-file.ts',
    kind: 'randomness',
    reason: 'names of temporary files that nobody guesses',
  },
  {
    path: 'packages/store/src/index-file.ts',
    kind: 'disk',
    reason: 'opens the index, which SQLite reads and writes by itself; nothing is lost with it',
  },
  {
    path: 'packages/store/src/process-table.ts',
    kind: 'disk',
    reason: 'asks the machine whether the holder of a lock still runs',
  },
];

const PATTERNS: Readonly<Record<'time' | 'randomness', RegExp>> = {
  time: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bset(?:Timeout|Interval|Immediate)\s*\(/,
  randomness: /\bMath\.random\b|\brandom(?:UUID|Bytes|Int)\b|\bgetRandomValues\b|\bfrom 'uuid'/,
};

const MODULES: Readonly<Record<string, EffectKind>> = {
  libsql: 'disk',
  'node:fs': 'disk',
  'node:fs/promises': 'disk',
  'node:child_process': 'processes',
  'node:cluster': 'processes',
  'node:worker_threads': 'processes',
  'node:dgram': 'network',
  'node:http': 'network',
  'node:http2': 'network',
  'node:https': 'network',
  'node:net': 'network',
  'node:tls': 'network',
};

/** Every use of the surroundings in files that are published; each kind once a file. */
export function ambientEffects(files: readonly SourceFile[]): readonly AmbientEffect[] {
  return files.filter((file) => !isTest(file) && file.packageFolder !== 'testkit').flatMap(effectsOf);
}

function effectsOf({ path, text }: SourceFile): readonly AmbientEffect[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
  const kinds = new Set<EffectKind>();
  for (const { specifier, isTypeOnly } of importsOf(text)) {
    const kind = isTypeOnly ? undefined : MODULES[specifier];
    if (kind !== undefined) kinds.add(kind);
  }
  for (const kind of ['time', 'randomness'] as const) if (PATTERNS[kind].test(code)) kinds.add(kind);
  return [...kinds].map((kind) => ({ path, kind }));
}

/** Whether the effect is in a place where it is at home. */
export function isAtHome(effect: AmbientEffect, home: AmbientEffect): boolean {
  const isPlace = home.path.endsWith('/') ? effect.path.startsWith(home.path) : effect.path === home.path;
  return isPlace && effect.kind === home.kind;
}
