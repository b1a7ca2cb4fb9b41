export { type AppServerOptions, type AppServerProcess, runAppServer } from './app-server.js';
export { type CommandProcess, runCommandLine } from './command-line.js';
export type { ConfigOverride } from './config-override.js';
export type { ExecProcess } from './exec-command.js';
export type { SignalSource } from './stop-signals.js';
