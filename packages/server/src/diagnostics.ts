import { EventEmitter } from 'eventemitter3';

/** Signals about the server's own health, for people and dashboards. Never data: whoever does not listen misses nothing. */
export interface DiagnosticSignals {
  /** A request was refused before any effect. */
  overload: (signal: {
    readonly connection: number;
    readonly queue: string;
    readonly method: string;
  }) => void;
  /** A view fell behind: its consumer is too slow. Once, until the consumer has drained below half. */
  lag: (signal: {
    readonly connection: number;
    readonly threadId: string | undefined;
    readonly method: string;
  }) => void;
  /** A connection was closed because more waited for its peer than its budget, for longer than its grace. */
  letGo: (signal: { readonly connection: number; readonly peer: string }) => void;
  /** Events were put together because a view was full. */
  merge: (signal: { readonly connection: number; readonly method: string }) => void;
  /** An answer came for a server request that was settled, unknown, or not the sender's. */
  lateAnswer: (signal: { readonly connection: number }) => void;
  /** A step of the shutdown begins. */
  shutdown: (signal: { readonly step: string; readonly remainingMs: number }) => void;
  /** Something that should not happen did; the text is for the operator's log, not for clients. */
  fault: (signal: { readonly where: string; readonly error: unknown }) => void;
}

/** Where the signals come out. */
export class Diagnostics extends EventEmitter<DiagnosticSignals> {}
