import type { ThreadLog, ThreadStore } from '@millrace/core/ports';
import { LIMITS } from '@millrace/protocol';
import { startRuntime } from '@millrace/runtime';
import { jsonlStore } from '@millrace/store';
import { stdioTransport } from '@millrace/transport';

/** Milliseconds between the word that something is on disk and the write. */
const LATE_MS = 5_000;

/** The planted bug: a log that says at once that everything is on disk, and writes a moment later. */
function forgetfulLog(log: ThreadLog): ThreadLog {
  return {
    append: (records) => void setTimeout(() => log.append(records), LATE_MS).unref(),
    sync: async () => void setTimeout(() => log.sync().catch(() => undefined), LATE_MS).unref(),
    close: () => log.close(),
  };
}

function forgetfulStore(store: ThreadStore): ThreadStore {
  return {
    pathOf: (meta) => store.pathOf(meta),
    idOf: (path) => store.idOf(path),
    create: async (meta) => forgetfulLog(await store.create(meta)),
    open: async (threadId) => {
      const opened = await store.open(threadId);
      return opened && { ...opened, log: forgetfulLog(opened.log) };
    },
    read: (threadId) => store.read(threadId),
    list: () => store.list(),
    remove: (threadId) => store.remove(threadId),
    close: () => store.close(),
  };
}

const home = process.env.MILLRACE_HOME ?? '';
const server = await startRuntime({ home, store: forgetfulStore(jsonlStore({ directory: home })) });
await server.serve(stdioTransport({ input: process.stdin, output: process.stdout }), {
  channelCapacity: LIMITS.channelCapacity,
  slowConsumerGraceMs: LIMITS.slowConsumerGraceMs,
  onMalformed: () => {},
});
await server.finishShutdown();
