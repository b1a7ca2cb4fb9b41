import { describe, expect, it } from 'vitest';
import { startHttpProbe } from './http-probe.js';
import { CAREFUL, FULL, McpSession, PROBE } from './mcp-session.js';

const BROKEN = { command: process.execPath, args: ['-e', 'process.exit(3)'] };
const MISSING = { command: 'no-such-program-here' };

describe('the start of MCP servers', () => {
  it('is told after the thread has started, each by itself', async () => {
    const session = await McpSession.start({
      probe: PROBE,
      broken: BROKEN,
      off: { ...PROBE, enabled: false },
    });
    await session.begin(FULL, 2);
    expect(session.seen.findIndex(({ kind }) => kind === 'thread/started')).toBeLessThan(
      session.seen.findIndex(({ kind }) => kind === 'mcpServer/startupStatus/updated'),
    );
    expect([...session.states].sort()).toEqual([
      'broken failed',
      'broken starting',
      'probe ready',
      'probe starting',
    ]);
  });

  it.each([
    ['a program that is not there', MISSING, 'MCP startup failed: No such file or directory (os error 2)'],
    ['a program that ends at once', BROKEN, 'MCP startup failed: handshaking with MCP server failed: '],
    [
      'a variable that is not set',
      { url: 'http://127.0.0.1:1/mcp', bearer_token_env_var: 'NOT_SET' },
      "MCP startup failed: Environment variable NOT_SET for MCP server 'probe' is not set",
    ],
    ['an address where nobody listens', { url: 'http://127.0.0.1:1/mcp' }, 'MCP startup failed: handshaking'],
    [
      'a server that says nothing',
      { command: 'sleep', args: ['1000'], startup_timeout_sec: 0.2 },
      'MCP client for `probe` timed out after 0.2 seconds. Add or adjust `startup_timeout_sec`',
    ],
  ])('fails for %s with a reason, and the thread goes on without', async (_, config, reason) => {
    const session = await McpSession.start({ probe: config });
    const threadId = await session.begin();
    const failed = session.seen.at(-1)?.params;
    expect(failed).toMatchObject({ threadId, name: 'probe', status: 'failed' });
    expect(failed?.error).toContain(reason);
    expect((await session.call(threadId, 'echo')).told).toBe('unsupported call: mcp__probeecho');
  });

  it('fails for a name that no server may have', async () => {
    const session = await McpSession.start({ 'bad name!': PROBE });
    await session.begin();
    expect(session.seen.at(-1)?.params.error).toContain("Invalid MCP server name 'bad name!'");
  });

  it('of a required server is waited for; without it no thread begins', async () => {
    const session = await McpSession.start({ probe: { ...BROKEN, required: true } });
    const reply = await session.ask('thread/start', FULL);
    expect(reply).toMatchObject({
      error: {
        code: -32_603,
        message: expect.stringMatching(
          /^error creating thread: .*required MCP servers failed to initialize: probe: handshaking/,
        ),
      },
    });
    expect(await session.ask('thread/loaded/list')).toMatchObject({ result: { data: [] } });
    const own = { mcp_servers: { probe: { required: false } } };
    expect(await session.ask('thread/start', { ...FULL, config: own })).toHaveProperty('result');
  });

  it('takes servers from the keys of a thread as well', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const config = { mcp_servers: { second: PROBE } };
    const threadId = await session.begin({ ...FULL, config }, 2);
    await session.call(threadId, { name: 'echo', namespace: 'mcp__second' });
    expect(session.model.tools.join(' ')).toMatch(/mcp__probe\(.*mcp__second\(/);
  });

  it.each([
    [{ none: {} }, 'failed to load configuration: invalid transport\nin `mcp_servers.none`\n'],
    [
      { two: { command: 'a', url: 'http://b' } },
      'failed to load configuration: url is not supported for stdio\nin `mcp_servers.two`\n',
    ],
  ])('refuses keys of a thread that make no server: %j', async (servers, message) => {
    const session = await McpSession.start({});
    const reply = await session.ask('thread/start', { ...FULL, config: { mcp_servers: servers } });
    expect(reply).toMatchObject({ error: { code: -32_600, message } });
  });
});

describe('an MCP server that dies', () => {
  it('takes its tools along, and comes back with a reload', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin();
    const { item } = await session.call(threadId, 'die');
    expect(item).toMatchObject({ status: 'failed' });
    expect(session.states.at(-1)).toBe('probe failed');
    expect((await session.call(threadId, 'echo')).told).toBe('unsupported call: mcp__probeecho');
    expect(await session.ask('config/mcpServer/reload', null)).toMatchObject({ result: {} });
    while (session.states.at(-1) !== 'probe ready') await session.readTo('mcpServer/startupStatus/updated');
    expect((await session.call(threadId, 'echo')).item).toMatchObject({ status: 'completed' });
  });
});

describe('config/mcpServer/reload', () => {
  it('leaves a server alone that did not change, and says how it stands', async () => {
    const session = await McpSession.start({ probe: PROBE });
    const threadId = await session.begin();
    const before = await session.call(threadId, 'environment');
    await session.ask('config/mcpServer/reload');
    await session.readTo('mcpServer/startupStatus/updated');
    expect(session.states).toEqual(['probe starting', 'probe ready', 'probe ready']);
    const after = await session.call(threadId, 'environment');
    expect(after.item?.result).toEqual(before.item?.result);
  });
});

describe('what clients ask MCP servers themselves', () => {
  it('is answered from the connection of a thread, or from a server that is started for the answer', async () => {
    const session = await McpSession.start({
      probe: PROBE,
      off: { ...PROBE, enabled: false },
      gone: MISSING,
    });
    const threadId = await session.begin(CAREFUL, 2);
    const own = await session.ask('mcpServerStatus/list', { threadId, detail: 'toolsAndAuthOnly' });
    expect(own).toMatchObject({
      result: {
        data: [
          {
            name: 'gone',
            runtimeStatus: 'failed',
            toolsError: 'MCP startup failed: No such file or directory (os error 2)',
          },
          { name: 'off', runtimeStatus: 'disabled', tools: {}, toolsError: null },
          {
            name: 'probe',
            runtimeStatus: 'connected',
            serverInfo: { name: 'probe', title: 'Probe', version: '1.2.3' },
            tools: { echo: { name: 'echo', annotations: { readOnlyHint: true } } },
            resources: [],
            authStatus: 'unsupported',
          },
        ],
        nextCursor: null,
      },
    });
    const fresh = await session.ask('mcpServerStatus/list', { serverName: 'probe' });
    expect(fresh).toMatchObject({
      result: {
        data: [
          {
            runtimeStatus: null,
            resources: [{ uri: 'probe://a' }],
            resourceTemplates: [{ uriTemplate: 'probe://{x}' }],
          },
        ],
      },
    });
    const read = { server: 'probe', uri: 'probe://a' };
    const contents = [{ uri: 'probe://a', mimeType: 'text/plain', text: 'hello' }];
    for (const params of [read, { ...read, threadId }]) {
      expect(await session.ask('mcpServer/resource/read', params)).toMatchObject({
        result: { contents, originCallId: null },
      });
    }
    const called = { threadId, server: 'probe', tool: 'write' };
    expect(await session.ask('mcpServer/tool/call', called)).toMatchObject({
      result: { content: [{ type: 'text', text: 'written' }] },
    });
  });

  it('is paged by counting', async () => {
    const session = await McpSession.start({ a: MISSING, b: MISSING });
    const list = (params: object) => session.ask('mcpServerStatus/list', { limit: 1, ...params });
    expect(await list({})).toMatchObject({ result: { data: [{ name: 'a' }], nextCursor: '1' } });
    expect(await list({ cursor: '1' })).toMatchObject({
      result: { data: [{ name: 'b' }], nextCursor: null },
    });
    expect(await list({ cursor: '2' })).toMatchObject({ result: { data: [], nextCursor: null } });
    expect(await list({ cursor: '3' })).toMatchObject({
      error: { code: -32_600, message: 'cursor 3 exceeds total MCP servers 2' },
    });
    expect(await list({ cursor: 'zzz' })).toMatchObject({
      error: { code: -32_600, message: 'invalid cursor: zzz' },
    });
  });

  it('is refused in the words of the protocol', async () => {
    const session = await McpSession.start({
      probe: { ...PROBE, disabled_tools: ['fail'] },
      gone: MISSING,
      web: { url: 'http://127.0.0.1:1/mcp', enabled: false },
    });
    const threadId = await session.begin(FULL, 2);
    const probe = { threadId, server: 'probe' };
    const unknown = '0199a0b0-0000-7000-8000-000000000000';
    const refusals: [string, Readonly<Record<string, unknown>>, number, string][] = [
      ['mcpServer/tool/call', { ...probe, tool: 'refuse' }, -32_602, 'bad things'],
      [
        'mcpServer/tool/call',
        { ...probe, tool: 'fail' },
        -32_603,
        "tool 'fail' is disabled for MCP server 'probe'",
      ],
      [
        'mcpServer/tool/call',
        { ...probe, tool: 'echo', arguments: [1] },
        -32_603,
        'must be a JSON object, got [1]',
      ],
      [
        'mcpServer/tool/call',
        { ...probe, server: 'nope', tool: 'echo' },
        -32_603,
        "unknown MCP server 'nope'",
      ],
      ['mcpServer/tool/call', { ...probe, server: 'gone', tool: 'echo' }, -32_603, 'failed to get client: '],
      ['mcpServer/tool/call', { ...probe, threadId: unknown, tool: 'echo' }, -32_600, 'thread not found: '],
      ['mcpServer/resource/read', { ...probe, uri: 'probe://b' }, -32_002, 'Resource not found'],
      ['mcpServer/resource/read', { server: 'nope', uri: 'probe://a' }, -32_603, "unknown MCP server 'nope'"],
      ['mcpServerStatus/list', { threadId: unknown }, -32_600, 'thread not found: '],
      ['mcpServer/oauth/login', { name: 'nope' }, -32_600, "No MCP server named 'nope' found."],
      ['mcpServer/oauth/login', { name: 'probe' }, -32_600, 'OAuth login is only supported for'],
      ['mcpServer/oauth/login', { name: 'web' }, -32_600, 'OAuth login is not supported by this server'],
    ];
    for (const [method, params, code, message] of refusals) {
      const reply = await session.ask(method, params);
      expect([method, reply]).toMatchObject([
        method,
        { error: { code, message: expect.stringContaining(message) } },
      ]);
    }
  });
});

describe('an MCP server over HTTP', () => {
  it('is reached with the headers of the configuration, used, and told that the client leaves', async () => {
    const probe = await startHttpProbe();
    const config = {
      url: probe.url,
      bearer_token_env_var: 'PROBE_TOKEN',
      http_headers: { 'x-plain': 'plain' },
      env_http_headers: { 'x-named': 'NAMED' },
    };
    const session = await McpSession.start(
      { probe: config },
      { PROBE_TOKEN: 'secret', NAMED: 'by variable' },
    );
    const threadId = await session.begin();
    const echo = { name: 'echo', namespace: 'mcp__probe', arguments: { text: 'over http' } };
    expect((await session.call(threadId, echo)).item).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'echo over http' }] },
    });
    expect(probe.headers.at(-1)).toMatchObject({
      authorization: 'Bearer secret',
      'x-plain': 'plain',
      'x-named': 'by variable',
    });
    const status = await session.ask('mcpServerStatus/list', { threadId });
    expect(status).toMatchObject({
      result: { data: [{ httpOrigin: new URL(probe.url).origin, authStatus: 'bearerToken' }] },
    });
    expect(JSON.stringify(status)).not.toContain('secret');
    await session.server.finishShutdown();
    expect(probe.farewells()).toBe(1);
  });

  it('asks the user, and is lost when it says more than a message may hold (RQ-9)', async () => {
    const probe = await startHttpProbe();
    const session = await McpSession.start({ probe: { url: probe.url } });
    const threadId = await session.begin(CAREFUL);
    const { told } = await session.call(threadId, 'ask', {
      type: 'result',
      result: { action: 'accept', content: { name: 'Ada' } },
    });
    expect(JSON.stringify(told)).toContain('Ada');
    const { item } = await session.call(threadId, 'huge');
    expect(item).toMatchObject({ status: 'failed', result: null });
    expect(session.states.at(-1)).toBe('probe failed');
  });
});
