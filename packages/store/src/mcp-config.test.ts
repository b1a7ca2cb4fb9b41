import { LIMITS } from '@millrace/protocol';
import { expect, it } from 'vitest';
import { interpretConfig } from './config.js';
import { ConfigError } from './config-error.js';

const read = (server: object) => {
  const { config, warnings } = interpretConfig({ mcp_servers: { one: server } });
  return { server: config.mcpServers.get('one'), warnings };
};

it('fills in every default of a server', () => {
  expect(read({ command: 'serve' })).toEqual({
    server: {
      name: 'one',
      transport: { type: 'stdio', command: 'serve', args: [], env: new Map(), envNames: [], cwd: null },
      isEnabled: true,
      isRequired: false,
      startupTimeoutMs: LIMITS.mcpStartupTimeoutMs,
      toolTimeoutMs: LIMITS.mcpToolTimeoutMs,
      enabledTools: null,
      disabledTools: [],
      approval: 'auto',
      toolApprovals: new Map(),
    },
    warnings: [],
  });
});

it('reads every key that it knows, and warns of others', () => {
  const { server, warnings } = read({
    url: 'https://example.test/mcp',
    bearer_token_env_var: 'TOKEN',
    http_headers: { a: 'b' },
    env_http_headers: { c: 'D' },
    enabled: false,
    required: true,
    startup_timeout_sec: 1.5,
    tool_timeout_sec: 2,
    enabled_tools: ['x'],
    disabled_tools: ['y'],
    default_tools_approval_mode: 'prompt',
    tools: { x: { approval_mode: 'approve', colour: 'red' } },
    unheard_of: 1,
  });
  expect(server).toMatchObject({
    transport: {
      type: 'http',
      url: 'https://example.test/mcp',
      bearerTokenVariable: 'TOKEN',
      headers: new Map([['a', 'b']]),
      variableHeaders: new Map([['c', 'D']]),
    },
    isEnabled: false,
    isRequired: true,
    startupTimeoutMs: 1_500,
    toolTimeoutMs: 2_000,
    enabledTools: ['x'],
    disabledTools: ['y'],
    approval: 'prompt',
    toolApprovals: new Map([['x', 'approve']]),
  });
  expect(warnings.map((warning) => /`(.*)`/.exec(warning)?.[1]).sort()).toEqual([
    'mcp_servers.one.tools.x.colour',
    'mcp_servers.one.unheard_of',
  ]);
});

it.each([
  [{}, 'invalid transport\nin `mcp_servers.one`\n'],
  [{ command: 'a', url: 'http://b' }, 'url is not supported for stdio\nin `mcp_servers.one`\n'],
  [{ url: 'http://b', args: [] }, 'args is not supported for streamable_http\nin `mcp_servers.one`\n'],
  [{ url: 'ftp://b' }, 'url is no http or https URL\nin `mcp_servers.one`\n'],
  [
    { command: 'a', tool_timeout_sec: 0 },
    '`mcp_servers.one.tool_timeout_sec`: expected a number above 0 up to 86400, found 0',
  ],
  [{ command: 5 }, '`mcp_servers.one.command`: expected a string, found a whole number'],
])('refuses %j', (server, message) => {
  expect(() => read(server)).toThrow(ConfigError);
  expect(() => read(server)).toThrow(message);
});
