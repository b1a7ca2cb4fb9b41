import type { ViewEntry } from '@millrace/runtime';
import { jsonlStore } from '@millrace/store';
import { type ResponsesReply, wire } from '@millrace/testkit';
import { describe, expect, it } from 'vitest';
import { type ResponsesThread, startResponsesThread } from './responses-thread.js';
import { kindOf, paramsOf } from './test-peer.js';
import { macrotask, temporaryDirectory } from './test-runtime.js';

const LIVE = { config: { web_search: 'live' } };
const say = (text: string): ResponsesReply => wire.response(wire.message([text]));
const search = { type: 'search', query: 'mills', queries: ['mills', 'races'] };

interface Body {
  readonly input: readonly { readonly type: string }[];
  readonly tools: readonly { readonly type: string }[];
}

const body = ({ model }: ResponsesThread, request: number): Body => model.requests[request]?.body as Body;
const searchTools = (thread: ResponsesThread, request: number) =>
  body(thread, request).tools.filter(({ type }) => type === 'web_search');

function searchesIn(events: readonly ViewEntry[], kind: string): object[] {
  return events
    .filter((event) => kindOf(event) === kind)
    .map((event) => paramsOf(event).item as { type: string })
    .filter(({ type }) => type === 'webSearch');
}

describe('the search of the provider', () => {
  it('is offered where the configuration asks for it, and to no reviewer', async () => {
    const none = await startResponsesThread([say('one')]);
    await none.turn('go');
    expect(searchTools(none, 0)).toEqual([]);
    const thread = await startResponsesThread([say('one'), say('fine')], LIVE);
    await thread.turn('go');
    expect(searchTools(thread, 0)).toEqual([{ type: 'web_search', external_web_access: true }]);
    await thread.peer.request('review/start', {
      threadId: thread.threadId,
      target: { type: 'uncommittedChanges' },
    });
    await thread.peer.readTo('turn/completed');
    expect(searchTools(thread, 1)).toEqual([]);
  });

  it('is asked for with all that the configuration of the thread says', async () => {
    const location = { country: 'DE', city: 'Berlin' };
    const web_search = { context_size: 'high', allowed_domains: ['a.b'], location };
    const config = { web_search: 'indexed', tools: { web_search } };
    const thread = await startResponsesThread([say('one')], { thread: { config } });
    await thread.turn('go');
    expect(searchTools(thread, 0)).toEqual([
      {
        type: 'web_search',
        external_web_access: true,
        indexed_web_access: true,
        filters: { allowed_domains: ['a.b'] },
        user_location: { type: 'approximate', ...location },
        search_context_size: 'high',
      },
    ]);
  });

  it('is shown as an item that says at its end what was done', async () => {
    const thread = await startResponsesThread(
      [
        wire.response(
          wire.webSearch(search, 'ws_1'),
          wire.webSearch({ type: 'open_page', url: 'https://mills.example' }, 'ws_2'),
          wire.webSearch({ type: 'find_in_page', url: 'https://mills.example', pattern: 'race' }, 'ws_3'),
          wire.webSearch({ type: 'search', queries: ['mills', 'races'] }, 'ws_4'),
          wire.webSearch({ type: 'dream' }, 'ws_5'),
          wire.message(['found']),
        ),
      ],
      LIVE,
    );
    const events = await thread.turn('find mills');
    const other = { query: '', action: { type: 'other' } };
    const begun = ['ws_1', 'ws_2', 'ws_3', 'ws_4', 'ws_5'].map((id) => ({
      id,
      completedAtMs: null,
      ...other,
    }));
    expect(searchesIn(events, 'item/started')).toMatchObject(begun);
    const done = searchesIn(events, 'item/completed');
    const url = 'https://mills.example';
    expect(done).toMatchObject([
      { id: 'ws_1', query: 'mills', action: { type: 'search', query: 'mills', queries: ['mills', 'races'] } },
      { id: 'ws_2', query: url, action: { type: 'openPage', url } },
      { id: 'ws_3', query: `'race' in ${url}`, action: { type: 'findInPage', url, pattern: 'race' } },
      {
        id: 'ws_4',
        query: 'mills ...',
        action: { type: 'search', query: null, queries: ['mills', 'races'] },
      },
      { id: 'ws_5', ...other },
    ]);
  });

  it('is in the history: the model gets it back as it said it, and so it does after a restart (TS-10)', async () => {
    const directory = await temporaryDirectory();
    const store = () => jsonlStore({ directory });
    const replies = [wire.response(wire.webSearch(search), wire.message(['found'])), say('more')];
    const thread = await startResponsesThread(replies, { ...LIVE, store: store() });
    const { threadId } = thread;
    await thread.turn('find mills');
    await thread.turn('and?');
    const call = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: search };
    const calls = (of: ResponsesThread, request: number) =>
      body(of, request).input.filter(({ type }) => type === 'web_search_call');
    expect(calls(thread, 1)).toEqual([call]);
    await thread.runtime.server.finishShutdown();
    const again = await startResponsesThread([say('again')], { ...LIVE, store: store() });
    await again.peer.request('thread/resume', { threadId });
    await again.turn('on', { threadId });
    expect(calls(again, 0)).toEqual([call]);
  });

  it('ends with its turn when that is interrupted', async () => {
    const [begun] = wire.webSearch(search);
    const hung: ResponsesReply = { events: [wire.created(), ...(begun ? [begun] : [])], end: 'hang' };
    const thread = await startResponsesThread([hung, say('two')], LIVE);
    const { peer, threadId } = thread;
    await peer.request('turn/start', { threadId, input: [{ type: 'text', text: 'go' }] });
    const { turnId } = paramsOf((await peer.readTo('item/started')).at(-1));
    while (thread.model.requests.length < 1) await macrotask();
    await peer.readTo('item/started');
    await peer.request('turn/interrupt', { threadId, turnId });
    const events = await peer.readTo('turn/completed');
    expect(searchesIn(events, 'item/completed')).toHaveLength(1);
    await thread.turn('on');
    expect(body(thread, 1).input.map(({ type }) => type)).not.toContain('web_search_call');
  });
});
