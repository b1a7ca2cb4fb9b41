import { StoreError, type ThreadStore } from '@millrace/core/ports';
import { type Disk, jsonlStore } from '@millrace/store';
import { FaultyDisk, type FaultyDiskOptions } from './faulty-disk.js';
import { seededRandom } from './seeded-random.js';
import type { UnsyncedFate } from './simulated-file.js';
import { checkRecovered, runStoreSession, StoreViolation, type ThreadJournal } from './store-session.js';

const HOME = '/home/agent';
const POWER_LOSS_FATES: readonly UnsyncedFate[] = ['dropped', 'torn', 'reordered'];

/** Puts something between the store and its disk: nothing, or a bug of `STORE_BUGS`. */
export type Plant = (disk: Disk) => Disk;

export interface StoreCheckSize {
  /** Seeds for each place of a fault, and a hundred times that many for races. */
  readonly seeds: number;
}

/** What a store on a disk promises. Each throws {@link StoreViolation} with what brings it about again. */
export const STORE_CHECKS = {
  /** Power loss at every operation keeps what was acknowledged, and so does a second one after recovery (TS-1, TS-2, F7). */
  powerLoss: async (plant, { seeds }) => {
    const operations = await countOperations(plant);
    for (let powerLossAt = 1; powerLossAt <= operations; powerLossAt += 1) {
      for (let seed = 0; seed < seeds; seed += 1) {
        for (const fate of POWER_LOSS_FATES) await runFault(plant, { seed, powerLossAt }, fate);
      }
    }
  },

  /** An operation that fails, alone or with all after it, leaves what was acknowledged (TS-6, TS-7). */
  failedOperation: async (plant, { seeds }) => {
    const operations = await countOperations(plant);
    for (let operation = 1; operation <= operations; operation += 1) {
      for (const code of ['EIO', 'ENOSPC']) {
        for (const persists of [false, true]) {
          const fail = { operation, code, persists };
          for (let seed = 0; seed < seeds; seed += 1) {
            await runFault(plant, { seed, fail }, 'kept');
            await runFault(plant, { seed, fail }, 'dropped');
          }
        }
      }
    }
  },

  /** A file that was damaged while nobody looked keeps exactly the lines before the damage (TS-2, TS-4). */
  damagedFile: async (plant) => {
    const disk = new FaultyDisk({ seed: 0 });
    const [journal] = await runStoreSession(storeOf(plant(disk), 1));
    if (journal === undefined) throw new Error('the session has no thread');
    const path = storeOf(disk, 1).pathOf(journal.meta) ?? '';
    const lines = Buffer.from(await disk.readFile(path, Number.MAX_SAFE_INTEGER))
      .toString('utf8')
      .split(/(?<=\n)/);
    for (let index = 1; index < lines.length; index += 1) {
      for (const [name, damaged] of damages(lines, index)) {
        await disk.unlink(path);
        const file = await disk.openForAppend(path, 'new');
        await file.append(Buffer.from(damaged.join('')));
        const records = await storeOf(plant(disk), 2).read(journal.meta.id);
        if (records?.length === index) continue;
        throw new StoreViolation(`${name} line ${index}: ${records?.length} records were kept`);
      }
    }
  },

  /** A thread is written by one process, and by the next once that one closed it (TS-5). */
  oneWriter: async (plant) => {
    const disk = new FaultyDisk({ seed: 0 });
    const [first, second] = [1, 2].map((pid) => storeOf(plant(disk), pid, [1, 2]));
    const [journal] = await runStoreSession(storeOf(disk, 1));
    if (journal === undefined || first === undefined || second === undefined)
      throw new Error('nothing to open');
    const opened = await first.open(journal.meta.id);
    if (await isOpenable(second, journal)) throw new StoreViolation('two processes write one thread');
    await opened?.log.close();
    if (!(await isOpenable(second, journal))) throw new StoreViolation('a closed thread cannot be written');
  },

  /** Of many processes that find the lock of a dead one, exactly one takes it over (TS-5). */
  takeover: async (plant, { seeds }) => {
    for (let seed = 0; seed < seeds * 100; seed += 1) {
      const winners = await raceForDeadLock(plant, seed);
      if (winners !== 1) throw new StoreViolation(`${winners} processes took over one lock: seed ${seed}`);
    }
  },
} as const satisfies Record<string, (plant: Plant, size: StoreCheckSize) => Promise<void>>;

/** A store of one process, in a world where only those processes live. */
function storeOf(disk: Disk, pid: number, living: readonly number[] = [pid]): ThreadStore {
  const startOf = async (other: number) => (living.includes(other) ? `start of ${other}` : undefined);
  return jsonlStore({ directory: HOME, disk, processes: { pid, startOf } });
}

async function countOperations(plant: Plant): Promise<number> {
  const disk = new FaultyDisk({ seed: 0 });
  await runStoreSession(storeOf(plant(disk), 1));
  return disk.operations;
}

async function runFault(plant: Plant, options: FaultyDiskOptions, fate: UnsyncedFate): Promise<void> {
  const disk = new FaultyDisk(options);
  try {
    const journals = await runStoreSession(storeOf(plant(disk), 1));
    const found = disk.restart(fate, { seed: options.seed });
    await checkRecovered(storeOf(plant(found), 2), journals);
    const foundAgain = found.restart('dropped', { seed: options.seed });
    await checkRecovered(storeOf(plant(foundAgain), 3), journals);
  } catch (error) {
    throw new StoreViolation(`${JSON.stringify({ ...options, fate })}: ${String(error)}`, { cause: error });
  }
}

/** What can happen to one line so that the lines before it are still good. */
function damages(lines: readonly string[], index: number): ReadonlyMap<string, readonly string[]> {
  const line = lines[index] ?? '';
  const others = [...lines.slice(0, index), ...lines.slice(index + 1)];
  const damaged = new Map([
    ['changed', lines.with(index, line.replace('"type":"', '"type":"x'))],
    ['cut', lines.with(index, line.slice(0, -5))],
    ['doubled', lines.toSpliced(index, 0, lines[index - 1] ?? '')],
  ]);
  if (index < lines.length - 1) damaged.set('lost', others);
  return damaged;
}

async function isOpenable(store: ThreadStore, journal: ThreadJournal): Promise<boolean> {
  try {
    await store.open(journal.meta.id);
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'locked') return false;
    throw error;
  }
}

/** How many of four processes open a thread whose writer died, in an order of disk operations that the seed decides. */
async function raceForDeadLock(plant: Plant, seed: number): Promise<number> {
  const random = seededRandom(seed);
  const before = async (): Promise<void> => {
    for (let turns = Math.floor(random() * 8); turns > 0; turns -= 1) await Promise.resolve();
  };
  const disk = new FaultyDisk({ seed });
  const [journal] = await runStoreSession(storeOf(disk, 1));
  if (journal === undefined) throw new Error('the session has no thread');
  await storeOf(disk, 1).open(journal.meta.id);
  const raced = disk.restart('kept', { seed, before });
  const pids = [2, 3, 4, 5];
  const stores = pids.map((pid) => storeOf(plant(raced), pid, pids));
  const opened = await Promise.all(stores.map((store) => isOpenable(store, journal)));
  return opened.filter((isOpen) => isOpen).length;
}
