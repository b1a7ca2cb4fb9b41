/** A server and a client of it in this process, seen as the one thing that is measured: a request and its answer. */
export interface RequestPeer {
  readonly name: string;
  /** Sends one request and resolves with its answer. */
  readonly request: () => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** What every rival answers, so that nobody is measured by the size of an answer. Millrace answers the same fields. */
export const ANSWER = { supportsIndependentSpeedModes: false, requirements: null };
