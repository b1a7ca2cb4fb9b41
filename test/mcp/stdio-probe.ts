import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { createProbeServer } from './probe-server.js';

// Many servers print where only messages belong; whoever reads them must not mind.
process.stdout.write('the probe is starting\n{}\n');
await createProbeServer().connect(new StdioServerTransport());
