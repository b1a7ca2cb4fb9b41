import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createProbeServer } from './probe-server.js';

await createProbeServer().connect(new StdioServerTransport());
