import { z } from 'zod';
import { ConfigLayerMetadata } from './config.js';
import type { Wire } from './wire.js';

/** How a table meets the one that is there: it takes its place, or the two are merged key by key. */
export const MergeStrategy = z.enum(['replace', 'upsert']);
export type MergeStrategy = z.output<typeof MergeStrategy>;

/** One change of `config.toml`. */
export const ConfigEdit = z.object({
  /** Dotted; a part that holds a dot is quoted. */
  keyPath: z.string(),
  mergeStrategy: MergeStrategy,
  /** A JSON value; null removes the key. */
  value: z.unknown(),
});
export interface ConfigEdit extends Wire<typeof ConfigEdit> {}

const target = {
  /** The version that was read last; the write is refused where the file says something else by now. */
  expectedVersion: z.string().nullish(),
  /** The file of the user layer, which is the only one that is written. */
  filePath: z.string().nullish(),
};

/** Params of `config/value/write`. */
export const ConfigValueWriteParams = z.object({ ...ConfigEdit.shape, ...target });
export interface ConfigValueWriteParams extends Wire<typeof ConfigValueWriteParams> {}

/** Params of `config/batchWrite`: all edits are made, or none. */
export const ConfigBatchWriteParams = z.object({
  edits: z.array(ConfigEdit),
  ...target,
  /** Threads that are loaded keep their settings here, so this changes nothing. */
  reloadUserConfig: z.boolean().nullish(),
});
export interface ConfigBatchWriteParams extends Wire<typeof ConfigBatchWriteParams> {}

/** Why what was written is not in force. */
export const OverriddenMetadata = z.object({
  message: z.string(),
  /** The stronger layer that sets the key. */
  overridingLayer: ConfigLayerMetadata,
  effectiveValue: z.unknown(),
});
export interface OverriddenMetadata extends Wire<typeof OverriddenMetadata> {}

/** Result of `config/value/write` and `config/batchWrite`. */
export const ConfigWriteResponse = z.object({
  status: z.enum(['ok', 'okOverridden']),
  /** The version of the layer from now on. */
  version: z.string(),
  /** Absolute. */
  filePath: z.string(),
  overriddenMetadata: OverriddenMetadata.nullable(),
});
export interface ConfigWriteResponse extends Wire<typeof ConfigWriteResponse> {}

/** What `error.data` says of a configuration that was not written. */
export interface ConfigWriteErrorData {
  readonly config_write_error_code: 'configValidationError' | 'configVersionConflict' | 'configLayerReadonly';
}
