import { type KeptSection, type SectionedThread, type SectionStore, StoreError } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { type Disk, diskErrorCode } from './disk.js';
import { replacePrivateFile } from './private-file.js';

/**
 * Keeps the sections of a home in one JSON file, which is replaced as a whole. A file that cannot be understood is left as it is:
 * reading it rejects, and so nothing is written over it.
 */
export function sectionFile(path: string, disk: Disk): SectionStore {
  return {
    read: async () => {
      const bytes = await disk.readFile(path, LIMITS.sectionFileBytes).catch((error: unknown) => {
        if (diskErrorCode(error) === 'ENOENT') return undefined;
        throw new StoreError('io', 'the sections cannot be read', { cause: error });
      });
      return bytes && parseSections(bytes);
    },
    write: async (sections) => {
      const text = `${JSON.stringify({ sections }, null, 1)}\n`;
      await replacePrivateFile(disk, path, new TextEncoder().encode(text)).catch((error: unknown) => {
        throw new StoreError('io', 'the sections cannot be written', { cause: error });
      });
    },
  };
}

/** @throws {StoreError} for anything that was not written here. */
function parseSections(bytes: Uint8Array): readonly KeptSection[] {
  try {
    const { sections } = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Sections;
    if (Array.isArray(sections) && sections.every(isSection)) return sections;
  } catch {
    // Told below, like what is JSON and no list of sections.
  }
  throw new StoreError('io', 'the sections cannot be understood');
}

interface Sections {
  readonly sections?: unknown;
}

function isSection(value: unknown): value is KeptSection {
  const { id, name, appearance, threads } = value as Partial<KeptSection>;
  const hasLooks = appearance === null || isLook(appearance);
  return (
    typeof id === 'string' &&
    typeof name === 'string' &&
    hasLooks &&
    Array.isArray(threads) &&
    threads.every(isEntry)
  );
}

function isLook(value: KeptSection['appearance'] | undefined): boolean {
  const words: readonly unknown[] = [value?.icon, value?.color];
  return words.every((word) => word === null || typeof word === 'string');
}

function isEntry(value: unknown): value is SectionedThread {
  const { threadId, enteredAt } = value as Partial<SectionedThread>;
  return typeof threadId === 'string' && Number.isInteger(enteredAt);
}
