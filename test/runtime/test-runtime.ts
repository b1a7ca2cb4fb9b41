import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptedModel } from '@millrace/model';
import { type RuntimeOptions, type Server, startRuntime } from '@millrace/runtime';
import { memoryStore, noGuidance } from '@millrace/store';
import { VirtualClock } from '@millrace/testkit';
import { onTestFinished } from 'vitest';
import { ScriptedProcesses } from './scripted-processes.js';

/** Makes a directory that is removed when the test has ended. */
export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export interface TestRuntime {
  readonly server: Server;
  readonly clock: VirtualClock;
  readonly processes: ScriptedProcesses;
  readonly cwd: string;
}

export interface TestRuntimeOptions extends RuntimeOptions {
  readonly processes?: ScriptedProcesses;
  /** Whether instructions and skills are read from the disk, where the test has put some. */
  readonly readsGuidance?: boolean;
}

/**
 * A real runtime with the scripted model, threads in memory, processes that are generators, and time that stands still. Ended with
 * the test.
 */
export async function startTestRuntime({
  readsGuidance = false,
  ...options
}: TestRuntimeOptions = {}): Promise<TestRuntime> {
  const clock = new VirtualClock();
  const processes = options.processes ?? new ScriptedProcesses();
  const cwd = options.cwd ?? (await temporaryDirectory());
  const server = await startRuntime({
    home: join(cwd, 'home'),
    cwd,
    environment: { PATH: process.env.PATH, HOME: cwd },
    model: scriptedModel({ clock: options.clock ?? clock }),
    store: memoryStore(),
    ...(readsGuidance ? {} : { guidance: noGuidance }),
    clock,
    ...options,
    processes,
  });
  onTestFinished(async () => {
    const ended = server.finishShutdown();
    for (let rounds = 0; rounds < 100; rounds += 1) {
      clock.advance(1_000);
      await macrotask();
    }
    await ended;
  });
  return { server, clock, processes, cwd };
}

/** Lets everything that is ready run once. */
export function macrotask(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass until the promise has settled, and returns what it settles with. */
export async function whileTimePasses<T>(clock: VirtualClock, promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  while (!isSettled) {
    clock.advance(100);
    await macrotask();
  }
  return promise;
}
