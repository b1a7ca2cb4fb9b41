import { isRecord } from './json-schema.js';
import { missingPaths } from './message-shapes.js';
import type { Exchange, Message } from './server-process.js';

/** One way in which two servers behaved differently in the same session. */
export interface Difference {
  readonly kind: 'missing' | 'extra' | 'order' | 'shape';
  /** The message, such as `item/completed agentMessage` or `error -32600 of thread/read`. */
  readonly label: string;
  /** The key path of a difference in shape, else empty. */
  readonly path: string;
}

interface Labelled {
  readonly label: string;
  readonly body: unknown;
}

/** Messages of which the number is a matter of timing: a run of them counts as one. */
const PIECES = /(?:[dD]elta|fs\/changed|sessionUpdated|sessionCompleted|thread\/status\/changed \w+)$/u;

/** Messages whose order clients rely on: what belongs to a turn, from its start to its end. */
const ORDERED = /^(?:turn\/(?:started|completed)|item\/|request |serverRequest\/resolved|error )/u;

/**
 * Compares what two servers said in the same session: which messages came, in which order those of turns came, and which fields they
 * have. Values are not compared.
 */
export function compareSessions(
  reference: readonly Exchange[],
  ours: readonly Exchange[],
): readonly Difference[] {
  const [expected, found] = [labelled(reference), labelled(ours)];
  const [expectedLabels, foundLabels] = [expected.map(labelOf), found.map(labelOf)];
  const missing = without(expectedLabels, foundLabels);
  const extra = without(foundLabels, expectedLabels);
  return [
    ...missing.map((label) => difference('missing', label)),
    ...extra.map((label) => difference('extra', label)),
    ...orderDifferences(without(expectedLabels, missing), without(foundLabels, extra)),
    ...shapeDifferences(expected, found),
  ];
}

function difference(kind: Difference['kind'], label: string, path = ''): Difference {
  return { kind, label, path };
}

function labelOf({ label }: Labelled): string {
  return label;
}

/** The entries of a list that have no counterpart in another one, each counterpart used once. */
function without(labels: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...others];
  return labels.filter((label) => {
    const index = rest.indexOf(label);
    if (index < 0) return true;
    rest.splice(index, 1);
    return false;
  });
}

function orderDifferences(expected: readonly string[], found: readonly string[]): readonly Difference[] {
  const [left, right] = [expected, found].map((labels) => labels.filter((label) => ORDERED.test(label)));
  const index = (left ?? []).findIndex((label, position) => label !== right?.[position]);
  return index < 0 ? [] : [difference('order', `${left?.[index]}, not ${right?.[index]}`)];
}

/** Of all messages with one label, the fields of all of them together count. */
function shapeDifferences(expected: readonly Labelled[], found: readonly Labelled[]): readonly Difference[] {
  const bodies = (messages: readonly Labelled[], label: string) =>
    messages.filter((message) => message.label === label).map(({ body }) => body);
  return [...new Set(expected.map(labelOf))].flatMap((label) => {
    const counterparts = bodies(found, label);
    if (counterparts.length === 0) return [];
    const paths = missingPaths(bodies(expected, label), counterparts);
    return paths.map((path) => difference('shape', label, path.replace(/^\[\]\.?/u, '')));
  });
}

function labelled(exchanges: readonly Exchange[]): readonly Labelled[] {
  const asked = new Map<unknown, string>();
  const messages: Labelled[] = [];
  for (const { from, message } of exchanges) {
    if (from === 'client') {
      if (message.id !== undefined && message.method !== undefined) asked.set(message.id, message.method);
      continue;
    }
    const label = describe(message, asked);
    if (PIECES.test(label) && messages.some((earlier) => earlier.label === label)) continue;
    messages.push({ label, body: message.params ?? message.result });
  }
  return messages;
}

function describe({ id, method, params, error }: Message, asked: ReadonlyMap<unknown, string>): string {
  if (method === undefined)
    return error === undefined ? `result of ${asked.get(id)}` : `error ${error.code} of ${asked.get(id)}`;
  const subject = isRecord(params) ? (params.item ?? params.turn ?? params.status) : undefined;
  const details = isRecord(subject)
    ? [subject.type, subject.status].filter((word) => typeof word === 'string')
    : [];
  return [id === undefined ? method : `request ${method}`, ...details].join(' ');
}
