import { LIMITS, readMessage } from '@millrace/protocol';
import { SeededRandom } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { macrotask, startTestRuntime } from './test-runtime.js';
import { type Line, WirePeer } from './wire-peer.js';

const FREE = { sandbox: 'danger-full-access', approvalPolicy: 'never' };

async function startThread(peer: WirePeer): Promise<string> {
  const { result } = await peer.ask('thread', 'thread/start', FREE);
  return (result as { readonly thread: { readonly id: string } }).thread.id;
}

async function runTurn(peer: WirePeer, threadId: string, text: string): Promise<Line> {
  await peer.ask('turn', 'turn/start', { threadId, input: [{ type: 'text', text }] });
  return peer.until((line) => line.method === 'turn/completed');
}

function answersTo(peer: WirePeer, id: number | string): Line[] {
  return peer.lines.filter((line) => line.id === id && line.method === undefined);
}

describe('a connection over bytes', () => {
  it('answers turn/start before anything of the turn, in the envelope of the reference server (RQ-5)', async () => {
    const { server } = await startTestRuntime();
    const peer = await WirePeer.connect(server);
    const threadId = await startThread(peer);
    await runTurn(peer, threadId, 'say hello world');
    const turn = peer.lines.findIndex((line) => line.id === 'turn');
    const firstOfTurn = peer.lines.findIndex(
      ({ params }) => params?.turnId !== undefined || params?.turn !== undefined,
    );
    expect(turn).toBeGreaterThan(0);
    expect(firstOfTurn).toBeGreaterThan(turn);
    for (const { text } of peer.lines) {
      const keys = Object.keys(JSON.parse(text) as object).join();
      expect(['id,result', 'error,id', 'method,id,params', 'method,params,emittedAtMs']).toContain(keys);
    }
  });

  it('drops what is no message without a reply, and lives on (RQ-9)', async () => {
    const { server } = await startTestRuntime();
    const peer = await WirePeer.connect(server);
    const before = peer.lines.length;
    const lines = [
      '',
      ' ',
      '{',
      'null',
      '42',
      '"x"',
      '[]',
      '{}',
      '{"id":1}',
      '{"method":5,"id":1}',
      '{"id":1,"method":"a"} x',
    ];
    for (const line of [
      ...lines,
      '{"id":null,"method":"a"}',
      '{"id":1.5,"method":"a"}',
      '\u0000',
      '\ufeff{}',
    ])
      peer.write(`${line}\n`);
    await expect(peer.ask('after', 'thread/loaded/list')).resolves.toMatchObject({ result: { data: [] } });
    expect(peer.lines).toHaveLength(before + 1);
    expect(peer.malformed).toHaveLength(lines.length + 4);
  });

  it('understands a message however its bytes are cut, CRLF included (RQ-9)', async () => {
    const { server } = await startTestRuntime();
    const peer = await WirePeer.connect(server);
    const bytes = Buffer.from('{"id":"é€😀","method":"thread/loaded/list","params":{}}\r\n');
    for (let cut = 1; cut < bytes.length; cut += 1) {
      peer.write(bytes.subarray(0, cut));
      await macrotask();
      peer.write(bytes.subarray(cut));
    }
    await peer.ask('last', 'thread/loaded/list');
    expect(answersTo(peer, 'é€😀')).toHaveLength(bytes.length - 1);
    expect(peer.malformed).toEqual([]);
  });

  it('drops a line that is too long, says so, and reads on behind it (RQ-9)', async () => {
    const { server } = await startTestRuntime();
    const peer = await WirePeer.connect(server);
    const chunk = 'x'.repeat(1024 * 1024);
    for (let size = 0; size <= LIMITS.lineBytes; size += chunk.length) peer.write(chunk);
    peer.write('\n');
    await expect(peer.ask('after', 'thread/loaded/list')).resolves.toHaveProperty('result');
    expect(peer.malformed).toEqual([`a message is longer than ${LIMITS.lineBytes} bytes`]);
  });

  it('survives JSON that is nested beyond all reason (RQ-9)', async () => {
    const { server } = await startTestRuntime();
    const peer = await WirePeer.connect(server);
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    for (const depth of [64, 1_000, 10_000, 100_000, 1_000_000]) {
      peer.write(`{"id":${depth},"method":"thread/start","params":{"config":${nested(depth)}}}\n`);
      peer.write(`{"id":"r${depth}","method":"turn/start","params":${nested(depth)}}\n`);
      await peer.until((line) => line.id === `r${depth}`);
      expect([answersTo(peer, depth).length, answersTo(peer, `r${depth}`).length]).toEqual([1, 1]);
    }
    await expect(peer.ask('after', 'thread/loaded/list')).resolves.toHaveProperty('result');
  });

  it('takes names of Object.prototype for what they are (RQ-9)', async () => {
    const { server } = await startTestRuntime();
    const peer = await WirePeer.connect(server);
    for (const method of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      await expect(peer.ask(method, method)).resolves.toMatchObject({ error: { code: -32_600 } });
    }
    peer.write(
      '{"id":"p","method":"thread/start","params":{"__proto__":{"polluted":1},"config":{"__proto__":{"polluted":1}}}}\n',
    );
    await peer.until((line) => line.id === 'p');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('answers each request of 3,000 mutated lines once, without a stack or a path, and lives (RQ-1, RQ-8, RQ-9)', async () => {
    const { server, cwd } = await startTestRuntime();
    const peer = await WirePeer.connect(server);
    const threadId = await startThread(peer);
    const random = new SeededRandom(20_261_121);
    const expected = new Map<number | string, number>();
    for (let count = 0; count < 3_000; count += 1) {
      const line = mutate(seedLine(random, threadId, `f${count}`), random);
      const id = requestId(line);
      if (id !== undefined) expected.set(id, (expected.get(id) ?? 0) + 1);
      peer.write(`${line}\n`);
      if (count % 50 === 0) await peer.ask(`sync${count}`, 'thread/loaded/list');
    }
    await peer.ask('interrupt', 'turn/interrupt', { threadId, turnId: '' });
    await peer.ask('end', 'thread/loaded/list');
    for (const [id, times] of expected) expect(answersTo(peer, id), String(id)).toHaveLength(times);
    expect(expected.size).toBeGreaterThan(500);
    const errors = peer.lines.filter(({ error }) => error !== undefined).map(({ text }) => text);
    for (const text of errors) {
      expect(text).not.toMatch(/\n\s+at |\.ts:\d|node:internal/);
      expect(text).not.toContain(cwd);
    }
  });

  it('is not read further while it takes no answers, and gets them all, in order, when it does (RQ-1, EV-7)', async () => {
    const { server } = await startTestRuntime();
    const peer = new WirePeer(server, { isStalled: true });
    const count = LIMITS.reservedSlots * 3;
    peer.say({ id: -1, method: 'initialize', params: { clientInfo: { name: 'slow', version: '1' } } });
    for (let id = 0; id < count; id += 1) peer.say({ id, method: 'thread/loaded/list', params: {} });
    for (let rounds = 0; rounds < 100; rounds += 1) await macrotask();
    peer.readOn();
    await peer.until((line) => line.id === count - 1);
    const ids = peer.lines.filter(({ method }) => method === undefined).map(({ id }) => id);
    expect(ids).toEqual([-1, ...Array.from({ length: count }, (_, id) => id)]);
  });

  it('that ends lets its turn go on for others, and is let go of (RQ-6)', async () => {
    const { server, clock } = await startTestRuntime();
    const peer = await WirePeer.connect(server);
    const other = await WirePeer.connect(server);
    const threadId = await startThread(peer);
    await peer.ask('turn', 'turn/start', {
      threadId,
      input: [{ type: 'text', text: 'say a\nsleep 1000\nsay b' }],
    });
    await other.ask('resume', 'thread/resume', { threadId });
    peer.end();
    await peer.served;
    let isOver = false;
    const over = other
      .until((line) => line.method === 'turn/completed')
      .then((line) => {
        isOver = true;
        return line;
      });
    while (!isOver) {
      clock.advance(100);
      await macrotask();
    }
    expect((await over).params).toMatchObject({ turn: { status: 'completed' } });
  });
});

describe('a gap on the wire', () => {
  const PROMPT = 'think a\nsay b\nthink c\nsay d';

  it('is told as markers to a client that asked for them, with a number on each event (EV-5)', async () => {
    const { server } = await startTestRuntime();
    const stalled = new WirePeer(server, { isStalled: true, channelCapacity: 1, slowConsumerGraceMs: 0 });
    const helper = await WirePeer.connect(server);
    const threadId = await startThread(helper);
    const capabilities = { lagMarkers: true };
    stalled.say({
      id: 0,
      method: 'initialize',
      params: { clientInfo: { name: 'slow', version: '1' }, capabilities },
    });
    stalled.say({ id: 1, method: 'thread/resume', params: { threadId } });
    await fillPipe(stalled);
    await runTurn(helper, threadId, PROMPT);
    stalled.readOn();
    await stalled.until((line) => line.method === 'turn/completed');
    const methods = stalled.lines.map(({ method }) => method);
    expect(methods).toContain('millrace/lagged');
    expect(methods[methods.indexOf('millrace/lagged') + 1]).toBe('millrace/resynced');
    const events = stalled.lines.filter(
      ({ method, id }) => method !== undefined && id === undefined && !method.startsWith('millrace/'),
    );
    for (const { text } of events) expect(JSON.parse(text)).toHaveProperty('sequence');
  });

  it('is healed in plain terms for a client that knows no markers: each finished item comes whole (EV-4, EV-9)', async () => {
    const { server } = await startTestRuntime();
    const stalled = new WirePeer(server, { isStalled: true, channelCapacity: 1, slowConsumerGraceMs: 0 });
    const helper = await WirePeer.connect(server);
    const threadId = await startThread(helper);
    stalled.say({ id: 0, method: 'initialize', params: { clientInfo: { name: 'slow', version: '1' } } });
    stalled.say({ id: 1, method: 'thread/resume', params: { threadId } });
    await fillPipe(stalled);
    await runTurn(helper, threadId, PROMPT);
    stalled.readOn();
    await stalled.until((line) => line.method === 'turn/completed');
    expect(stalled.lines.some(({ method }) => method?.startsWith('millrace/'))).toBe(false);
    const itemOf = ({ params }: Line): { readonly id: string } => params?.item as { readonly id: string };
    const seen = new Map(
      stalled.lines
        .filter(({ method }) => method === 'item/completed')
        .map((line) => [itemOf(line).id, itemOf(line)]),
    );
    const { result } = await helper.ask('read', 'thread/read', { threadId, includeTurns: true });
    const { turns } = (
      result as {
        readonly thread: {
          readonly turns: readonly { readonly items: readonly { readonly id: string }[] }[];
        };
      }
    ).thread;
    expect([...seen.values()]).toEqual(turns[0]?.items);
  });
});

/** Has the server write until the peer's pipe is full, so that its writer waits. */
async function fillPipe(peer: WirePeer): Promise<void> {
  for (let id = 100; id < 200; id += 1)
    peer.say({ id, method: 'config/read', params: { includeLayers: true } });
  for (let rounds = 0; rounds < 50; rounds += 1) await macrotask();
}

/** The id of a line that is a request; undefined for every other line. */
function requestId(line: string): number | string | undefined {
  try {
    const read = readMessage(JSON.parse(line));
    return read?.type === 'request' ? read.message.id : undefined;
  } catch {
    return undefined;
  }
}

/** A message that is right, or nearly so. */
function seedLine(random: SeededRandom, threadId: string, id: string): string {
  const method = random.pick([
    'thread/read',
    'turn/start',
    'turn/steer',
    'turn/interrupt',
    'model/list',
    'config/read',
    'thread/resume',
    'initialize',
    'x',
  ]);
  const params = random.pick<unknown>([
    { threadId, turnId: 'x', expectedTurnId: 'x', input: [{ type: 'text', text: 'sleep 1' }] },
    { threadId, input: [] },
    { threadId: 5 },
    null,
    [],
    'text',
    { cursor: 'zzz', limit: -1 },
    { clientInfo: { name: 'x', version: '1' } },
  ]);
  return JSON.stringify(
    random.pick<unknown>([
      { id, method, params },
      { id, method },
      { id, result: params },
      { id, error: params },
      { method, params },
    ]),
  );
}

/** Changes a line a little: cuts, doubles, swaps, or puts something odd in. */
function mutate(line: string, random: SeededRandom): string {
  if (random.chance(0.4)) return line;
  const at = random.int(0, line.length);
  const odd = random.pick([
    '"',
    '{',
    '}',
    ',',
    '\\u0000',
    '\ud800',
    '9'.repeat(30),
    '__proto__',
    '\t',
    'null',
    '1e999',
  ]);
  switch (random.int(0, 3)) {
    case 0:
      return line.slice(0, at);
    case 1:
      return line.slice(0, at) + odd + line.slice(at);
    case 2:
      return line.slice(0, at) + line.slice(at + 1);
    default:
      return line + line.slice(at);
  }
}
