import type { Clock } from '@millrace/channel';
import { type ModelClient, ModelError } from '@millrace/core/ports';
import { responsesClient, scriptedModel } from '@millrace/model';
import type { EffectiveConfig, ModelProviderConfig } from '@millrace/store';
import { KNOWN_MODELS } from './known-models.js';
import { VERSION } from './version.js';

export interface ModelClientsOptions {
  readonly config: EffectiveConfig;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Takes the place of every configured provider. */
  readonly given: ModelClient | undefined;
}

/** The clients of all providers that can be named, each made when it is first asked for. */
export class ModelClients {
  /** The provider of a thread that names none. */
  readonly defaultProvider: string;
  readonly #options: ModelClientsOptions;
  readonly #clients = new Map<string, ModelClient>();

  constructor(options: ModelClientsOptions) {
    const { given, config, environment, clock } = options;
    this.#options = options;
    const scripted = given?.provider === 'scripted' ? given : scriptedModel({ clock });
    this.#clients.set(scripted.provider, scripted);
    if (given !== undefined) this.#clients.set(given.provider, given);
    this.defaultProvider =
      given?.provider ?? config.modelProvider ?? (environment.OPENAI_API_KEY ? 'openai' : scripted.provider);
  }

  /** False where the caller gave a client that takes the place of every provider. */
  get isConfigurable(): boolean {
    return this.#options.given === undefined;
  }

  has(id: string): boolean {
    return this.#clients.has(id) || this.#options.config.modelProviders.has(id);
  }

  /** The client of a provider; undefined when there is none of that id. */
  find(id: string): ModelClient | undefined {
    const known = this.#clients.get(id);
    if (known !== undefined) return known;
    const provider = this.#options.config.modelProviders.get(id);
    if (provider === undefined) return undefined;
    const client = this.#connect(provider);
    this.#clients.set(id, client);
    return client;
  }

  #connect(provider: ModelProviderConfig): ModelClient {
    const { environment, clock } = this.#options;
    const apiKey =
      provider.bearerToken ?? (provider.envKey === null ? undefined : environment[provider.envKey]);
    if (provider.envKey !== null && (apiKey === undefined || apiKey === ''))
      return withoutKey(provider, provider.envKey);
    return responsesClient({
      provider: {
        id: provider.id,
        name: provider.name,
        baseUrl: provider.baseUrl,
        ...(apiKey === undefined ? {} : { apiKey }),
        requestMaxRetries: provider.requestMaxRetries,
        streamMaxRetries: provider.streamMaxRetries,
        streamIdleTimeoutMs: provider.streamIdleTimeoutMs,
        httpHeaders: Object.fromEntries(provider.httpHeaders),
        queryParams: Object.fromEntries(provider.queryParams),
      },
      clock,
      random: Math.random,
      userAgent: `millrace/${VERSION}`,
      models: KNOWN_MODELS,
    });
  }
}

/** A provider whose key is not set says so when it is asked, not before: other providers may do. */
function withoutKey({ id, name }: ModelProviderConfig, variable: string): ModelClient {
  return {
    provider: id,
    streamMaxRetries: 0,
    models: KNOWN_MODELS,
    stream: () => failing(`Missing environment variable: \`${variable}\`. Set it to the key for ${name}.`),
  };
}

function failing(message: string): AsyncIterable<never> {
  const next = (): Promise<never> =>
    Promise.reject(new ModelError(message, { info: 'unauthorized', retryable: false }));
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
