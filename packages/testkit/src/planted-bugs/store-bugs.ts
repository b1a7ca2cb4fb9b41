import { crc32 } from 'node:zlib';
import { type Disk, type DiskFile, diskErrorCode } from '@millrace/store';

/**
 * Mistakes that a store can make. Each is planted between the real store and its disk, so that the two together do what a store
 * with that mistake would do, and each must turn at least one of the `STORE_CHECKS` red.
 */
export const STORE_BUGS = {
  /** The result of fdatasync is not looked at. */
  syncErrorIgnored: (disk) =>
    withFiles(disk, (file) => ({ ...file, datasync: () => file.datasync().catch(() => undefined) })),

  /** A failed fdatasync is tried again, which says yes although the kernel gave the bytes up. */
  syncTriedAgain: (disk) =>
    withFiles(disk, (file) => ({ ...file, datasync: () => file.datasync().catch(() => file.datasync()) })),

  /** A commit is acknowledged when it is written, and synced a moment later. */
  acknowledgedBeforeSync: (disk) =>
    withFiles(disk, (file) => ({
      ...file,
      datasync: async () => {
        file.datasync().catch(() => undefined);
      },
    })),

  /** A new file is synced, but not its name. */
  directoryNotSynced: (disk) => ({ ...bound(disk), syncDirectory: async () => undefined }),

  /** Recovery takes any line whose checksum holds, wherever it stands. */
  sequenceNotChecked: (disk) =>
    withLines(disk, (line, index) => line.replace(/^\{"seq":\d+/, `{"seq":${index}`)),

  /** Recovery takes any line that parses. */
  checksumNotChecked: (disk) =>
    withLines(disk, (line) => {
      const [, head, item] = /^(\{"seq":\d+,"crc32":)\d+,"item":(.*)\}$/.exec(line) ?? [];
      return head === undefined || item === undefined ? line : `${head}${crc32(item)},"item":${item}}`;
    }),

  /** The writer appends to a torn tail, so that its first line joins the rest of a lost one. */
  tornTailKept: (disk) => withFiles(disk, (file) => ({ ...file, truncate: async () => undefined })),

  /** The lock of a closed thread stays. */
  lockNotReleased: (disk) => ({
    ...bound(disk),
    unlink: async (path) => {
      if (!path.endsWith('.lock')) await disk.unlink(path);
    },
  }),

  /** A lock that somebody has is taken all the same. */
  lockNotExclusive: (disk) => withForcedLinks(disk, '.lock'),

  /** Two processes may replace the lock of a dead owner at the same time. */
  takeoverNotExclusive: (disk) => withForcedLinks(disk, '.takeover'),
} as const satisfies Record<string, (disk: Disk) => Disk>;

/** The operations of a disk as an object that can be spread. */
function bound(disk: Disk): Disk {
  return {
    openForAppend: (path, presence) => disk.openForAppend(path, presence),
    readFile: (path, limitBytes) => disk.readFile(path, limitBytes),
    realPath: (path) => disk.realPath(path),
    readPart: (path, startByte, lengthBytes) => disk.readPart(path, startByte, lengthBytes),
    stampOf: (path) => disk.stampOf(path),
    rename: (from, to) => disk.rename(from, to),
    link: (existing, added) => disk.link(existing, added),
    unlink: (path) => disk.unlink(path),
    makeDirectory: (path) => disk.makeDirectory(path),
    listDirectory: (path) => disk.listDirectory(path),
    syncDirectory: (path) => disk.syncDirectory(path),
  };
}

function withFiles(disk: Disk, change: (file: DiskFile) => DiskFile): Disk {
  return {
    ...bound(disk),
    openForAppend: async (path, presence) => change(await disk.openForAppend(path, presence)),
  };
}

/** Changes the lines of thread files as they are read. */
function withLines(disk: Disk, change: (line: string, index: number) => string): Disk {
  return {
    ...bound(disk),
    readFile: async (path, limitBytes) => {
      const bytes = await disk.readFile(path, limitBytes);
      if (!path.endsWith('.jsonl')) return bytes;
      return Buffer.from(Buffer.from(bytes).toString('utf8').split('\n').map(change).join('\n'));
    },
  };
}

/** Takes names with that ending away from whoever has them. */
function withForcedLinks(disk: Disk, ending: string): Disk {
  return {
    ...bound(disk),
    link: async (existing, added) => {
      if (added.endsWith(ending)) await unlinkIfPresent(disk, added);
      await disk.link(existing, added);
    },
  };
}

async function unlinkIfPresent(disk: Disk, path: string): Promise<void> {
  try {
    await disk.unlink(path);
  } catch (error) {
    if (diskErrorCode(error) !== 'ENOENT') throw error;
  }
}
