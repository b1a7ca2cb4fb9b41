import { z } from 'zod';
import { ApprovalPolicy, ApprovalsReviewer, ReasoningEffort, ReasoningSummary } from './policy.js';
import { SandboxMode } from './sandbox.js';
import type { Wire } from './wire.js';

/** Where a part of the configuration comes from. Paths are absolute. */
export const ConfigLayerSource = z.discriminatedUnion('type', [
  z.object({ type: z.literal('packagedDefaults'), file: z.string() }),
  z.object({ type: z.literal('system'), file: z.string() }),
  z.object({ type: z.literal('user'), file: z.string(), profile: z.string().nullish() }),
  z.object({ type: z.literal('project'), dotCodexFolder: z.string() }),
  z.object({ type: z.literal('sessionFlags') }),
]);
export type ConfigLayerSource = Wire<typeof ConfigLayerSource>;

/** A layer by its name and the version of its contents. */
export const ConfigLayerMetadata = z.object({ name: ConfigLayerSource, version: z.string() });
export interface ConfigLayerMetadata extends Wire<typeof ConfigLayerMetadata> {}

/** A layer with its contents. */
export const ConfigLayer = z.object({
  name: ConfigLayerSource,
  version: z.string(),
  config: z.record(z.string(), z.unknown()),
  disabledReason: z.string().nullish(),
});
export interface ConfigLayer extends Wire<typeof ConfigLayer> {}

const config = z.looseObject({
  model: z.string().nullish(),
  review_model: z.string().nullish(),
  model_context_window: z.int().nullish(),
  model_provider: z.string().nullish(),
  approval_policy: ApprovalPolicy.nullish(),
  approvals_reviewer: ApprovalsReviewer.nullish(),
  sandbox_mode: SandboxMode.nullish(),
  sandbox_workspace_write: z
    .object({
      writable_roots: z.array(z.string()),
      network_access: z.boolean(),
      exclude_tmpdir_env_var: z.boolean(),
      exclude_slash_tmp: z.boolean(),
    })
    .nullish(),
  instructions: z.string().nullish(),
  developer_instructions: z.string().nullish(),
  model_reasoning_effort: ReasoningEffort.nullish(),
  model_reasoning_summary: ReasoningSummary.nullish(),
});

/** The configuration in force, in the names of `config.toml`. Holds further keys as they are configured. */
export interface Config extends Wire<typeof config> {}
export const Config: z.ZodType<Config> = config;

/** Params of `config/read`. */
export const ConfigReadParams = z.object({
  /** Directory whose project configuration counts. */
  cwd: z.string().nullish(),
  includeLayers: z.boolean().nullish(),
});
export interface ConfigReadParams extends Wire<typeof ConfigReadParams> {}

const configReadResponse = z.object({
  config: Config,
  /** Which layer set each dotted key. */
  origins: z.record(z.string(), ConfigLayerMetadata),
  layers: z.array(ConfigLayer).nullish(),
});
/** Result of `config/read`. `layers` stand from the strongest to the weakest. */
export interface ConfigReadResponse extends Wire<typeof configReadResponse> {}
export const ConfigReadResponse: z.ZodType<ConfigReadResponse> = configReadResponse;

/** Params of `configRequirements/read`: none. */
export const ConfigRequirementsReadParams = z.object({});
export interface ConfigRequirementsReadParams extends Wire<typeof ConfigRequirementsReadParams> {}

/** Result of `configRequirements/read`. Millrace knows no administrator and requires nothing. */
export const ConfigRequirementsReadResponse = z.object({
  supportsIndependentSpeedModes: z.boolean().nullable(),
  requirements: z.record(z.string(), z.unknown()).nullable(),
});
export interface ConfigRequirementsReadResponse extends Wire<typeof ConfigRequirementsReadResponse> {}

/** Params of `configWarning`. */
export const ConfigWarningNotification = z.object({
  summary: z.string(),
  details: z.string().nullable(),
  /** The file that the warning is about, where there is one. */
  path: z.string().nullish(),
  /** Lines and columns count from 1. */
  range: z
    .object({
      start: z.object({ line: z.uint32(), column: z.uint32() }),
      end: z.object({ line: z.uint32(), column: z.uint32() }),
    })
    .nullish(),
});
export interface ConfigWarningNotification extends Wire<typeof ConfigWarningNotification> {}
