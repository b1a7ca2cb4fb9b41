import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { type SignalSource, StopSignals } from './stop-signals.js';

/** A process whose end can be watched. */
class WatchedProcess extends EventEmitter implements SignalSource {
  readonly exits: number[] = [];

  exit(code: number): never {
    this.exits.push(code);
    throw new Error('exited');
  }
}

describe('StopSignals', () => {
  it('asks for an end at the first signal and ends the process at the second', () => {
    for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
      const process = new WatchedProcess();
      const stop = new StopSignals(process);
      expect([stop.signal.aborted, stop.exitCode]).toEqual([false, undefined]);
      process.emit(signal);
      expect([stop.signal.aborted, stop.exitCode, process.exits]).toEqual([true, code, []]);
      expect(() => process.emit(signal)).toThrow('exited');
      expect(process.exits).toEqual([code]);
    }
  });

  it('keeps the exit code of the first signal, and ends with that of the second', () => {
    const process = new WatchedProcess();
    const stop = new StopSignals(process);
    process.emit('SIGTERM');
    expect(() => process.emit('SIGINT')).toThrow('exited');
    expect([stop.exitCode, process.exits]).toEqual([143, [130]]);
  });

  it('takes a SIGHUP as a first signal, and never as a second one', () => {
    const process = new WatchedProcess();
    const stop = new StopSignals(process, 2);
    process.emit('SIGHUP');
    process.emit('SIGHUP');
    process.emit('SIGHUP');
    expect([stop.signal.aborted, stop.hurry.aborted, stop.exitCode]).toEqual([true, false, 129]);
    process.emit('SIGTERM');
    expect([stop.hurry.aborted, process.exits]).toEqual([true, []]);
    process.emit('SIGHUP');
    expect(process.exits).toEqual([]);
    expect(() => process.emit('SIGTERM')).toThrow('exited');
  });

  it('gives the signals back', () => {
    const process = new WatchedProcess();
    new StopSignals(process).close();
    expect(process.eventNames()).toEqual([]);
  });
});
