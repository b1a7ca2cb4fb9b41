import { Thread } from '@millrace/core';
import type { QuestionOutcome } from '@millrace/core/ports';
import { ServerRequests } from '@millrace/server';
import type { ApprovalBug } from './approval-simulation.js';
import { trustEverybody } from './planted-runtime-bugs.js';
import { replace } from './planting.js';

type Ask = ServerRequests['ask'];
type Approvals = Thread['approvals'];

/** A bug, and the promises that it may break: which of them shows first depends on the seed. */
export interface PlantedApprovalBug extends ApprovalBug {
  readonly breaks: readonly string[];
}

/** Macrotasks for which a slow bug keeps an answer. */
const HELD_MACROTASKS = 6;
const HOUR_MS = 3_600_000;

/** Bugs in how approvals are asked for, answered and kept. Each must be found by some seed. */
export const APPROVAL_BUGS: Readonly<Record<string, PlantedApprovalBug>> = {
  'one yes counts for ever': {
    breaks: ['AP-1'],
    plant: () =>
      onApprovals((approvals) => {
        const allowed = new Set<string>();
        replace(
          approvals,
          'ask',
          (ask) =>
            async function generous(this: Approvals, ...args: Parameters<Approvals['ask']>) {
              const approval = await ask.apply(this, args);
              if (approval.type === 'accepted') allowed.add(this.digest(args[0].action));
              return approval;
            } as Approvals['ask'],
        );
        replace(
          approvals,
          'isCommandGranted',
          (isGranted) =>
            function remembering(this: Approvals, command) {
              return isGranted.call(this, command) || allowed.has(this.digest(command));
            },
        );
      }),
  },

  'a refusal counts as a yes': { breaks: ['AP-2'], plant: () => takeAsYes('refused') },

  'a deadline that passes counts as a yes': { breaks: ['AP-2'], plant: () => takeAsYes('expired') },

  'the answer of anybody counts': { breaks: ['AP-2'], plant: trustEverybody },

  'a grant for the session holds in every directory': {
    breaks: ['AP-1', 'AP-2'],
    plant: () =>
      onApprovals((approvals) =>
        replace(
          approvals,
          'isCommandGranted',
          (isGranted) =>
            function careless(this: Approvals, command) {
              const elsewhere = ['', '/sub'].map((end) => `/${command.cwd.split('/')[1]}${end}`);
              return elsewhere.some((cwd) => isGranted.call(this, { ...command, cwd }));
            },
        ),
      ),
  },

  'a command starts while its yes is not on disk': {
    breaks: ['AP-4'],
    plant: () => replace(Thread.prototype, 'sync', () => () => Promise.resolve()),
  },

  'a question outlives its turn': {
    breaks: ['AP-5'],
    plant: () =>
      replaceAsk((ask) => (threadId, method, params, signal) => {
        const ended = new Promise<QuestionOutcome>((resolve) => {
          signal.addEventListener('abort', () => resolve({ type: 'cancelled' }), { once: true });
        });
        return Promise.race([ask(threadId, method, params, new AbortController().signal), ended]);
      }),
  },

  'the last answer counts and not the first': {
    breaks: ['AP-2'],
    plant: () =>
      replace(ServerRequests.prototype, 'answer', (answer) => {
        const latest = new Map<unknown, Parameters<ServerRequests['answer']>>();
        return function hesitating(this: ServerRequests, ...args) {
          const isFirst = !latest.has(args[1]);
          latest.set(args[1], args);
          if (!isFirst) return;
          afterMacrotasks(HELD_MACROTASKS, () => {
            answer.apply(this, latest.get(args[1]) ?? args);
            latest.delete(args[1]);
          });
        };
      }),
  },

  'a deadline is set an hour late': { breaks: ['AP-7'], options: { answerTimeoutMs: HOUR_MS } },
};

/** Calls `plant` with what all approvals have in common, as soon as there is a thread. */
function onApprovals(plant: (approvals: Approvals) => void): void {
  let isPlanted = false;
  replace(
    Thread.prototype,
    'submit',
    (submit) =>
      function planting(this: Thread, submission) {
        if (!isPlanted) plant(Object.getPrototypeOf(this.approvals) as Approvals);
        isPlanted = true;
        return submit.call(this, submission);
      },
  );
}

function replaceAsk(make: (ask: Ask) => Ask): void {
  replace(
    ServerRequests.prototype,
    'ask',
    (ask) =>
      function asking(this: ServerRequests, ...args: Parameters<Ask>) {
        return make(ask.bind(this) as Ask)(...args);
      } as Ask,
  );
}

function takeAsYes(type: QuestionOutcome['type']): void {
  replaceAsk((ask) => async (...args) => {
    const outcome = await ask(...args);
    return outcome.type === type ? { type: 'answered', result: { decision: 'accept' } } : outcome;
  });
}

function afterMacrotasks(count: number, then: () => void): void {
  setImmediate(() => (count === 0 ? then() : afterMacrotasks(count - 1, then)));
}
