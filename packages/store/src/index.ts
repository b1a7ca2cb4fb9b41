export {
  type EffectiveConfig,
  type InterpretedConfig,
  interpretConfig,
  type ModelProviderConfig,
  type SandboxWorkspaceWrite,
  type ToolsConfig,
} from './config.js';
export { ConfigError, type ConfigPosition } from './config-error.js';
export { type ConfigTable, type LoadedConfig, loadConfig } from './config-file.js';
export { type Disk, type DiskFile, diskErrorCode } from './disk.js';
export { type JsonlStoreOptions, jsonlStore } from './jsonl-store.js';
export { memoryStore } from './memory-store.js';
export { nodeDisk } from './node-disk.js';
export { type ProcessTable, systemProcessTable, UNKNOWN_START } from './process-table.js';
