import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { foldSummary, newSummary, searchableText, type ThreadRecord } from '@millrace/core/ports';
import { jsonlStore } from '@millrace/store';
import { type CrashClient, RefusedError } from './crash-client.js';
import type { Ledger, ThreadLedger, ToldItem, ToldTurn } from './ledger.js';

interface SeenTurn {
  readonly id: string;
  readonly status: string;
  readonly items: readonly ToldItem[];
}

interface SeenThread {
  readonly id: string;
  readonly name: string | null;
  readonly preview: string;
  readonly turns: readonly SeenTurn[];
}

const SOURCES = ['cli', 'vscode', 'exec', 'appServer', 'unknown'] as const;

/** Looks at the files of a home before a server touches them: what ran was allowed, and allowed on disk (AP-2, AP-4). */
export async function checkApprovals(home: string, cwd: string, ledger: Ledger): Promise<void> {
  const ran = existsSync(cwd)
    ? readdirSync(cwd).flatMap((name) => /^ran-(?<call>call-.*)$/.exec(name)?.groups?.call ?? [])
    : [];
  const store = jsonlStore({ directory: home });
  const records = new Map<string, readonly ThreadRecord[]>();
  for (const { threadId } of ledger.threads.values())
    records.set(threadId, (await store.read(threadId)) ?? []);
  const accepted = new Set(
    [...records.values()]
      .flat()
      .flatMap((record) =>
        record.type === 'approval' && record.outcome === 'accepted' ? [record.itemId] : [],
      ),
  );
  for (const itemId of accepted) {
    if (!ledger.accepted.has(itemId)) ledger.blame('ran without leave', `${itemId} was accepted by nobody`);
  }
  for (const [threadId, lines] of records) {
    if (!asks(lines)) continue;
    const { label } = ledger.threads.get(threadId) ?? { label: '' };
    for (const call of ran.filter((each) => each.startsWith(`call-${label}-`))) {
      if (!accepted.has(call)) ledger.blame('ran without leave', `${call} ran, and no yes is on disk`);
    }
  }
}

/** Whether every command of a thread is asked for. */
function asks(records: readonly ThreadRecord[]): boolean {
  const settings = records.findLast((record) => record.type === 'settings');
  return settings?.settings.approvalPolicy === 'untrusted';
}

/** What the server lists and finds is what stands in the files (TS-8). */
export async function checkIndex(client: CrashClient, home: string, ledger: Ledger): Promise<void> {
  const files = await readThreads(home);
  for (const searchTerm of ['', 'word-2']) {
    const expected = files.filter(({ texts }) => texts.some((text) => text.includes(searchTerm)));
    const method = searchTerm === '' ? 'thread/list' : 'thread/search';
    const params = { limit: 100, sourceKinds: SOURCES, ...(searchTerm === '' ? {} : { searchTerm }) };
    const { data } = await client.ask<{
      readonly data: readonly (SeenThread & { readonly thread?: SeenThread })[];
    }>(method, params);
    const seen = data.map((row) => row.thread ?? row).map(({ id, name, preview }) => ({ id, name, preview }));
    const rows = expected.map(({ row }) => row);
    if (isDeepStrictEqual(seen, rows)) continue;
    ledger.blame('wrong index', `${method}: ${JSON.stringify(seen)} and not ${JSON.stringify(rows)}`);
  }
}

/** The threads of a home as their files say, newest first, each with everything that can be searched. */
async function readThreads(home: string) {
  const store = jsonlStore({ directory: home });
  const threads = [];
  for (const { threadId } of await store.list()) {
    const [first, ...records] = (await store.read(threadId)) ?? [];
    if (first?.type !== 'thread') continue; // It was never announced.
    const { meta, name, preview } = records.reduce(foldSummary, newSummary(first.meta));
    const said = records.flatMap((record) =>
      record.type === 'item' ? (searchableText(record.item) ?? []) : [],
    );
    const row = { id: meta.id, name, preview };
    threads.push({ row, createdAt: meta.createdAt, texts: [name ?? '', ...said] });
  }
  return threads.sort((a, b) => b.createdAt - a.createdAt || (a.row.id < b.row.id ? 1 : -1));
}

/** Loads a thread, and compares it with everything that was told of it (TS-1, TS-10, SD-8). Returns whether it is there. */
export async function checkThread(client: CrashClient, told: ThreadLedger, ledger: Ledger): Promise<boolean> {
  const { threadId, label } = told;
  let thread: SeenThread;
  try {
    ({ thread } = await client.ask<{ readonly thread: SeenThread }>('thread/resume', { threadId }));
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    const isExcused = !told.isPromised && error.message.includes('no rollout found');
    if (!isExcused) ledger.blame(told.isPromised ? 'lost' : 'unopened', `${label}: ${error.message}`);
    return false;
  }
  if (!told.allowsName(thread.name)) ledger.blame('lost', `${label}: its name is ${String(thread.name)}`);
  const seen = new Map(thread.turns.map((turn) => [turn.id, turn]));
  for (const turn of told.acknowledged) checkTurn(label, turn, seen.get(turn.turnId), ledger);
  for (const { id, status } of thread.turns) {
    if (status === 'inProgress') ledger.blame('unopened', `${label}: ${id} still runs`);
  }
  forgetUntold(told, seen);
  return true;
}

function checkTurn(label: string, told: ToldTurn, seen: SeenTurn | undefined, ledger: Ledger): void {
  if (seen === undefined) {
    ledger.blame('lost', `${label}: turn ${told.turnId}, which was told to be ${told.status}`);
    return;
  }
  if (seen.status !== told.status) {
    ledger.blame('lost', `${label}: ${told.turnId} was ${told.status} and is ${seen.status}`);
  }
  const items = new Map(seen.items.map((item) => [item.id, item]));
  for (const [id, item] of told.items) {
    if (isDeepStrictEqual(items.get(id), item)) continue;
    ledger.blame('lost', `${label}: ${JSON.stringify(item)} is ${JSON.stringify(items.get(id))}`);
  }
}

/** What is known of a turn whose end nobody told is what the disk has; from now on that has to stay. */
function forgetUntold(told: ThreadLedger, seen: ReadonlyMap<string, SeenTurn>): void {
  for (const [turnId, turn] of told.turns) {
    if (turn.status !== undefined) continue;
    const found = seen.get(turnId);
    if (found === undefined) told.turns.delete(turnId);
    else {
      turn.status = found.status;
      turn.items.clear();
      for (const item of found.items) turn.items.set(item.id, item);
    }
  }
}

/** The server that had these threads left as it should, so their locks are gone. */
export function checkLocks(home: string, threads: readonly ThreadLedger[], ledger: Ledger): void {
  for (const { threadId, label } of threads) {
    if (existsSync(join(home, 'locks', `${threadId}.lock`)))
      ledger.blame('unopened', `the lock of ${label} outlived a proper end`);
  }
}
