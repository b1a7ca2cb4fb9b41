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
  'server/diagnostics',
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

it('features are listed by name, page by page, as the configuration has them', async () => {
  const features = { request_permissions_tool: true, unheard_of: true };
  const { server } = await startTestRuntime({ config: { features } });
  const peer = await TestPeer.connect(server);
  const feature = (name: string, enabled: boolean) => ({
    name,
    stage: 'underDevelopment',
    displayName: null,
    description: null,
    announcement: null,
    enabled,
    defaultEnabled: false,
  });
  const first = await peer.request<{ readonly nextCursor: string }>('experimentalFeature/list', { limit: 1 });
  expect(first).toMatchObject({ data: [feature('apply_patch_streaming_events', false)] });
  expect(await peer.request('experimentalFeature/list', { cursor: first.nextCursor })).toEqual({
    data: [feature('request_permissions_tool', true)],
    nextCursor: null,
  });
});

it('the only environment is this machine', async () => {
  const { server } = await startTestRuntime({ environment: { SHELL: '/bin/sh' } });
  const peer = await TestPeer.connect(server, EXPERIMENTAL);
  const [local, other] = [{ environmentId: 'local' }, { environmentId: 'other' }];
  expect(await peer.request('environment/info', local)).toEqual({ shell: { name: 'sh', path: '/bin/sh' } });
  expect(await peer.request('environment/status', local)).toEqual({ status: 'ready', error: null });
  const message = 'unknown environment id `other`';
  expect(await peer.ask('environment/info', other)).toMatchObject({ error: { code: -32_600, message } });
  expect(await peer.request('environment/status', other)).toEqual({ status: 'unknown', error: message });
});

it('diagnostics tell a client what waits for it', async () => {
  const { server } = await startTestRuntime();
  const peer = await TestPeer.connect(server, EXPERIMENTAL);
  const gauges = async () => {
    const { gauges } = await peer.request<{ readonly gauges: readonly { name: string; value: number }[] }>(
      'server/diagnostics',
    );
    return Object.fromEntries(gauges.map(({ name, value }) => [name, value]));
  };
  peer.drain();
  expect(await gauges()).toMatchObject({ 'threads.loaded': 0, 'connection.eventsWaiting': 0 });
  await peer.startThread();
  await peer.startThread();
  expect(await gauges()).toMatchObject({
    'threads.loaded': 2,
    'threads.active': 0,
    'connection.requestsInFlight': 0,
    'connection.eventsWaiting': 2,
  });
  peer.drain();
  expect(await gauges()).toMatchObject({ 'connection.eventsWaiting': 0, 'connection.eventBytesWaiting': 0 });
});
