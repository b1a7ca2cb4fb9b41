import { Lagged } from '@millrace/channel';
import type { Server, ViewEntry } from '@millrace/runtime';
import { OutboundRouter, ServerRequests } from '@millrace/server';
import { replace } from './planting.js';
import type { Plant } from './runtime-simulation.js';

type Emit = OutboundRouter['emit'];
type View = Parameters<typeof viewPrototypeOf>[0];

function replaceEmit(
  make: (original: Emit) => (this: OutboundRouter, ...args: Parameters<Emit>) => ReturnType<Emit>,
): void {
  replace(OutboundRouter.prototype, 'emit', (original) => make(original) as Emit);
}

function viewPrototypeOf(view: {
  tryReceive(): ViewEntry | undefined;
  wait(signal: AbortSignal): Promise<'room' | 'behind'>;
}): View {
  return Object.getPrototypeOf(view) as View;
}

/** A view of the server, to get at the class behind it. */
function someView(server: Server): View {
  const attached = server.attach(
    { result: () => {}, error: () => {} },
    { channelCapacity: 1, slowConsumerGraceMs: 0 },
  );
  if (typeof attached === 'string') throw new Error(attached);
  attached.close();
  return viewPrototypeOf(attached.view);
}

/** Which promise each of the bugs breaks; which one shows first may depend on the seed. */
export const BROKEN_PROMISES: Readonly<Record<string, string | readonly string[]>> = {
  'an end is dropped when its view is full': 'EV-2',
  'a turn says something after its end': 'EV-3',
  'an end is told twice': 'EV-3',
  'a finished item is not told': 'EV-9',
  'a gap is not told': 'EV-1',
  'a turn waits for room for ever': ['EV-2', 'RQ-1'],
  'the answer of anybody counts': 'AP-2',
  'an approval that was refused counts as accepted': 'AP-2',
  'a request is answered twice': 'RQ-1',
};

/** Bugs of the whole runtime, most of them copies of real ones. Each must be found by some seed. */
export const RUNTIME_BUGS: Readonly<Record<string, Plant>> = {
  'an end is dropped when its view is full': () =>
    replaceEmit(
      (emit) =>
        function dropped(...args) {
          const [, method, , turn] = args;
          const starter = turn?.starter as
            | { readonly view: { readonly size: number }; readonly end: { release(): void } }
            | undefined;
          if (method !== 'turn/completed' || starter === undefined || starter.view.size < 4)
            return emit.apply(this, args);
          starter.end.release();
          return undefined;
        },
    ),

  'a turn says something after its end': () =>
    replaceEmit(
      (emit) =>
        function talkative(...args) {
          const [threadId, method, params] = args;
          const result = emit.apply(this, args);
          if (method === 'turn/completed') emit.call(this, threadId, 'turn/started', params as never);
          return result;
        },
    ),

  'an end is told twice': () =>
    replaceEmit(
      (emit) =>
        function repeated(...args) {
          const [threadId, method, params] = args;
          const result = emit.apply(this, args);
          if (method === 'turn/completed') emit.call(this, threadId, method, params as never);
          return result;
        },
    ),

  'a finished item is not told': () =>
    replaceEmit(
      (emit) =>
        function forgetful(...args) {
          const [, method] = args;
          return method === 'item/completed' && args[2] !== undefined && isMessage(args[2])
            ? undefined
            : emit.apply(this, args);
        },
    ),

  'a gap is not told': (server) => {
    replace(
      someView(server),
      'tryReceive',
      (tryReceive) =>
        function silent(this: View) {
          const entry = tryReceive.call(this);
          return entry instanceof Lagged ? tryReceive.call(this) : entry;
        },
    );
  },

  'a turn waits for room for ever': (server) => {
    replace(someView(server), 'wait', () => () => new Promise(() => {}));
  },

  'the answer of anybody counts': trustEverybody,

  'an approval that was refused counts as accepted': () => {
    replace(
      ServerRequests.prototype,
      'ask',
      (ask) =>
        async function generous(this: ServerRequests, ...args: Parameters<ServerRequests['ask']>) {
          const outcome = await ask.apply(this, args);
          return outcome.type === 'refused' ? { type: 'answered', result: { decision: 'accept' } } : outcome;
        } as ServerRequests['ask'],
    );
  },

  'a request is answered twice': () => {
    replace(
      OutboundRouter.prototype,
      'subscribe',
      (subscribe) =>
        function chatty(this: OutboundRouter, connection, threadId) {
          subscribe.call(this, connection, threadId);
          for (const id of connection.inFlight) connection.replies.result(id, {});
          connection.replies.result(2, { thread: undefined });
        },
    );
  },
};

/** Takes the answer of any connection, whether it was asked or not. */
export function trustEverybody(): void {
  const everybody = new Set<Parameters<ServerRequests['answer']>[0]>();
  replace(
    OutboundRouter.prototype,
    'attach',
    (attach) =>
      function remembering(this: OutboundRouter, connection) {
        everybody.add(connection);
        attach.call(this, connection);
      },
  );
  replace(
    ServerRequests.prototype,
    'answer',
    (answer) =>
      function trusting(this: ServerRequests, _connection, id, given) {
        for (const connection of everybody) answer.call(this, connection, id, given);
      },
  );
}

function isMessage(params: unknown): boolean {
  return (params as { readonly item?: { readonly type: string } }).item?.type === 'agentMessage';
}
