import { CLIENT_REQUESTS, type ClientRequestMethod } from '@millrace/protocol';
import { expect, it } from 'vitest';
import { TestPeer } from './test-peer.js';
import { startTestRuntime } from './test-runtime.js';

const EXPERIMENTAL = { capabilities: { experimentalApi: true } };

const CATALOGUES: readonly ClientRequestMethod[] = [
  'collaborationMode/list',
  'skills/list',
  'hooks/list',
  'plugin/installed',
  'mcpServerStatus/list',
  'experimentalFeature/list',
  'permissionProfile/list',
  'modelProvider/capabilities/read',
  'account/read',
  'getAuthStatus',
];

it.each(CATALOGUES)('%s answers with what its own schema says', async (method) => {
  const { server } = await startTestRuntime();
  const peer = await TestPeer.connect(server, EXPERIMENTAL);
  const result = await peer.request(method);
  expect(CLIENT_REQUESTS[method].result.parse(result)).toEqual(result);
});

it('a catalogue of directories has one entry for each that was asked for, in that order', async () => {
  const { server, cwd } = await startTestRuntime();
  const peer = await TestPeer.connect(server, EXPERIMENTAL);
  expect(await peer.request('skills/list', { cwds: ['/b', 'a'] })).toEqual({
    data: [
      { cwd: '/b', skills: [], errors: [] },
      { cwd: `${cwd}/a`, skills: [], errors: [] },
    ],
  });
  expect(await peer.request('hooks/list', { cwds: [] })).toEqual({
    data: [{ cwd, hooks: [], warnings: [], errors: [] }],
  });
});

it('collaboration modes are only for clients that asked for experimental methods', async () => {
  const { server } = await startTestRuntime();
  const peer = await TestPeer.connect(server);
  const reply = await peer.ask('collaborationMode/list');
  expect(reply).toMatchObject({
    error: { code: -32_600, message: 'collaborationMode/list requires experimentalApi capability' },
  });
});

it('permission profiles come in pages', async () => {
  const { server } = await startTestRuntime();
  const peer = await TestPeer.connect(server);
  const first = await peer.request<{ readonly nextCursor: string }>('permissionProfile/list', { limit: 2 });
  expect(first).toMatchObject({ data: [{ id: ':read-only' }, { id: ':workspace' }] });
  expect(await peer.request('permissionProfile/list', { cursor: first.nextCursor })).toEqual({
    data: [{ id: ':danger-full-access', description: null, allowed: true }],
    nextCursor: null,
  });
});

it('nobody is told a key, whatever they ask for', async () => {
  const { server } = await startTestRuntime({ environment: { OPENAI_API_KEY: 'sk-secret' } });
  const peer = await TestPeer.connect(server);
  const status = await peer.request('getAuthStatus', { includeToken: true });
  expect(status).toEqual({ authMethod: null, authToken: null, requiresOpenaiAuth: false });
});

it('rate limits belong to an account, and without one they are refused', async () => {
  const { server } = await startTestRuntime();
  const peer = await TestPeer.connect(server);
  expect(await peer.ask('account/rateLimits/read', null)).toMatchObject({
    error: { code: -32_600, message: 'codex account authentication required to read rate limits' },
  });
});
