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
