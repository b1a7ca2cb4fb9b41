import type { GatewayAuth, ModelProviderSummary } from '@millrace/protocol';
import type { ModelProviderConfig } from '@millrace/store';

/** A provider as clients are shown it: without keys, and without what may hold one. */
export function describeProvider(provider: ModelProviderConfig, canEdit: boolean): ModelProviderSummary {
  const { id, name, baseUrl } = provider;
  if (id === 'openai') return { id, name, canEdit: false, baseUrl: null, settings: { type: 'openai' } };
  const settings = { type: 'customGateway' as const, auth: describeAuth(provider) };
  return { id, name, canEdit, baseUrl: publicUrl(baseUrl), settings };
}

function describeAuth({
  bearerToken,
  envKey,
  httpHeaders,
  requiresOpenaiAuth,
}: ModelProviderConfig): GatewayAuth {
  const isElsewhere = bearerToken !== null || requiresOpenaiAuth || httpHeaders.size > 0;
  if (isElsewhere) return { mode: 'externallyConfigured', envKey };
  return envKey === null ? { mode: 'none' } : { mode: 'environmentVariable', envKey };
}

/** The URL without a user, a password or parameters. */
function publicUrl(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname.replace(/\/$/, '')}`;
}
