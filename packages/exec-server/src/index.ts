/**
 * Starts and controls processes, in a sandbox where one works, and reads and writes files: the adapters of the
 * `ProcessRunner`, `FileSystem` and `ClientFiles` ports.
 */
export { commandEnvironment } from './command-environment.js';
export { LocalFileSearcher } from './file-searcher.js';
export { InputError } from './input-error.js';
export { createClientFiles } from './node-client-files.js';
export { nodeFileSystem } from './node-file-system.js';
export { PROCESS_LIMITS } from './process-limits.js';
export { createProcessRunner, type LocalProcessRunner, type ProcessRunnerOptions } from './process-runner.js';
export { type DetectedSandbox, type ProbeOptions, probeSandbox } from './sandbox-probe.js';
export type { TerminalBinding } from './terminal-binding.js';
