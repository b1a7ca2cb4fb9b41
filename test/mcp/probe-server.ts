import { spawn } from 'node:child_process';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';

type Arguments = Readonly<Record<string, unknown>>;

interface Call {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => Promise<void>;
}

interface ProbeTool {
  readonly annotations?: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean };
  run(args: Arguments, call: Call): CallToolResult | Promise<CallToolResult>;
}

const READS = { annotations: { readOnlyHint: true } };
const inputSchema = { type: 'object' as const, properties: { text: { type: 'string' } } };

function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}

/** A real MCP server whose tools show everything that a client has to cope with. */
export function createProbeServer(): Server {
  const server = new Server(
    { name: 'probe', version: '1.2.3', title: 'Probe' },
    { capabilities: { tools: {}, resources: {} }, instructions: 'Use the probe well.' },
  );
  const tools = probeTools(server);
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: Object.entries(tools).map(([name, { annotations }]) => ({
      name,
      description: `Does ${name}.`,
      inputSchema,
      ...(annotations && { annotations }),
    })),
  }));
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification }) => {
    const tool = tools[params.name];
    if (tool === undefined) throw new McpError(-32_602, `no tool ${params.name}`);
    const progressToken = params._meta?.progressToken ?? 0;
    const progress = (message: string) =>
      sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1, message } });
    return tool.run(params.arguments ?? {}, { signal, progress });
  });
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: [{ uri: 'probe://a', name: 'A', mimeType: 'text/plain' }],
  }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({
    resourceTemplates: [{ uriTemplate: 'probe://{x}', name: 'X' }],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    if (uri !== 'probe://a') throw new McpError(-32_002, 'Resource not found');
    return { contents: [{ uri, mimeType: 'text/plain', text: 'hello' }] };
  });
  return server;
}

function probeTools(server: Server): Readonly<Record<string, ProbeTool>> {
  let cancelled = 0;
  return {
    echo: { ...READS, run: ({ text: said }) => text(`echo ${said}`) },
    'add.up': {
      ...READS,
      run: () => ({ ...text('3'), structuredContent: { sum: 3 }, _meta: { unit: 'none' } }),
    },
    image: {
      ...READS,
      run: () => ({ content: [{ type: 'image', data: 'AA==', mimeType: 'image/png' }] }),
    },
    fail: { ...READS, run: () => ({ ...text('it failed'), isError: true }) },
    refuse: {
      ...READS,
      run: () => {
        throw new McpError(-32_602, 'bad things');
      },
    },
    write: { annotations: { destructiveHint: true }, run: () => text('written') },
    silent: { run: () => text('done without a word') },
    progress: {
      ...READS,
      run: async (_, { progress }) => {
        await progress('half way');
        return text('all the way');
      },
    },
    slow: {
      ...READS,
      run: (_, { signal, progress }) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            cancelled += 1;
            resolve(text('too late'));
          });
          void progress('started');
        }),
    },
    cancelled: { ...READS, run: () => text(String(cancelled)) },
    ask: {
      ...READS,
      run: async () => {
        const properties = { name: { type: 'string' as const } };
        const requestedSchema = { type: 'object' as const, properties, required: ['name'] };
        return text(JSON.stringify(await server.elicitInput({ message: 'Your name?', requestedSchema })));
      },
    },
    environment: { ...READS, run: () => text(JSON.stringify(process.env)) },
    family: {
      ...READS,
      run: () => text(JSON.stringify([process.pid, spawn('sleep', ['1000'], { stdio: 'ignore' }).pid])),
    },
    huge: { ...READS, run: () => text('x'.repeat(5 * 1_048_576)) },
    die: { ...READS, run: () => process.exit(3) },
  };
}
