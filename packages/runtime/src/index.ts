export type { InProcessConnection, Server, View, ViewEntry } from '@millrace/server';
export { resolveHome } from './home.js';
export { type RuntimeOptions, startRuntime } from './runtime.js';
export { VERSION } from './version.js';
