import { z } from 'zod';
import type { Wire } from './wire.js';

/** Params of `modelProvider/list`: none. */
export const ModelProviderListParams = z.object({});
export interface ModelProviderListParams extends Wire<typeof ModelProviderListParams> {}

/** Where the key of a provider comes from. */
export const GatewayAuth = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('none') }),
  z.object({ mode: z.literal('environmentVariable'), envKey: z.string() }),
  z.object({ mode: z.literal('externallyConfigured'), envKey: z.string().nullable() }),
]);
export type GatewayAuth = Wire<typeof GatewayAuth>;

/** A provider that a thread can be given. */
export const ModelProviderSummary = z.object({
  id: z.string(),
  name: z.string(),
  /** Whether a client may change it in a form of its own; keys of `config.toml` can be written in any case. */
  canEdit: z.boolean(),
  /** Without credentials and parameters; null where that leaves nothing to show. */
  baseUrl: z.string().nullable(),
  settings: z.discriminatedUnion('type', [
    z.object({ type: z.literal('openai') }),
    z.object({ type: z.literal('customGateway'), auth: GatewayAuth }),
  ]),
});
export interface ModelProviderSummary extends Wire<typeof ModelProviderSummary> {}

/** Result of `modelProvider/list`. */
export const ModelProviderListResponse = z.object({
  data: z.array(ModelProviderSummary),
  defaultProviderId: z.string(),
  /** False where whoever started the server has chosen the provider. */
  canChangeDefault: z.boolean(),
});
export interface ModelProviderListResponse extends Wire<typeof ModelProviderListResponse> {}

/** What is to be changed of a provider with an address of its own. What is left out stays, null removes. */
export const CustomGatewayPatch = z.object({
  type: z.literal('customGateway'),
  /** Null or absent: a new one, under an id that the server chooses. */
  providerId: z.string().nullish(),
  name: z.string().optional(),
  baseUrl: z.string().nullish(),
  /** The environment variable that holds the key. */
  envKey: z.string().nullish(),
});
export interface CustomGatewayPatch extends Wire<typeof CustomGatewayPatch> {}

/** Params of `modelProvider/config/write`. Providers of clouds are understood and refused. */
export const ModelProviderConfigWriteParams = z.object({
  settings: z.discriminatedUnion('type', [
    CustomGatewayPatch,
    z.object({ type: z.literal('bedrock') }),
    z.object({ type: z.literal('gcp') }),
  ]),
});
export interface ModelProviderConfigWriteParams extends Wire<typeof ModelProviderConfigWriteParams> {}

/** Result of `modelProvider/config/write`: the provider as it is in force now. */
export const ModelProviderConfigWriteResponse = z.object({ provider: ModelProviderSummary });
export interface ModelProviderConfigWriteResponse extends Wire<typeof ModelProviderConfigWriteResponse> {}

/** What `error.data` says of a provider that is not there. */
export interface ModelProviderErrorData {
  readonly type: 'modelProviderNotConfigured';
  readonly modelProvider: string;
}
