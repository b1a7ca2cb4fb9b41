export {
  type EffectiveConfig,
  type InterpretedConfig,
  interpretConfig,
  type ModelProviderConfig,
  type SandboxWorkspaceWrite,
  type ToolsConfig,
} from './config.js';
export type { ConfigEdit } from './config-edit.js';
export { ConfigError, type ConfigPosition } from './config-error.js';
export { type ConfigTable, type LoadedConfig, loadConfig, versionOf } from './config-file.js';
export { parseKeyPath } from './config-key-path.js';
export {
  type ConfigWrite,
  type ConfigWriteErrorCode,
  type ConfigWriteRefusal,
  type ConfigWritten,
  writeConfig,
} from './config-writer.js';
export { Credentials, CredentialsError } from './credentials.js';
export { type Disk, type DiskFile, diskErrorCode, type FileStamp } from './disk.js';
export { type JsonlStoreOptions, jsonlStore } from './jsonl-store.js';
export { LocalGuidance, type LocalGuidanceOptions } from './local-guidance.js';
export { memoryStore } from './memory-store.js';
export { noGuidance } from './no-guidance.js';
export { nodeDisk } from './node-disk.js';
export { type ProcessTable, systemProcessTable, UNKNOWN_START } from './process-table.js';
export { recoverLines } from './recover.js';
export { type LoadedRules, loadRules, memoryRules } from './rule-book.js';
export { sectionFile } from './section-file.js';
export type { SkillSwitch } from './skill-catalogue.js';
export { isTable } from './toml-value.js';
