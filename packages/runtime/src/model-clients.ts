import type { Clock } from '@millrace/channel';
import { type ModelClient, ModelError } from '@millrace/core/ports';
import { responsesClient, scriptedModel } from '@millrace/model';
import type { EffectiveConfig, ModelProviderConfig } from '@millrace/store';
import { KNOWN_MODELS } from './known-models.js';
import { VERSION } from './version.js';

/** The provider whose answers stand in a script; there without any configuration. */
const SCRIPTED = 'scripted';

export interface ModelClientsOptions {
  /** What counts at first, see {@link ModelClients.configure}. */
  readonly config: EffectiveConfig;
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Takes the place of every configured provider. */
  readonly given: ModelClient | undefined;
}

/** The clients of all providers that can be named, each made when it is first asked for. */
export class ModelClients {
  readonly #options: ModelClientsOptions;
  /** Those that are there whatever the configuration says. */
  readonly #fixed: ReadonlyMap<string, ModelClient>;
  readonly #clients = new Map<string, ModelClient>();
  #config: EffectiveConfig;

  constructor(options: ModelClientsOptions) {
    const { given, clock } = options;
    this.#options = options;
    this.#config = options.config;
    const scripted = given?.provider === SCRIPTED ? given : scriptedModel({ clock });
    this.#fixed = new Map(
      [scripted, ...(given === undefined ? [] : [given])].map((client) => [client.provider, client]),
    );
  }

  /** The provider of a thread that names none. */
  get defaultProvider(): string {
    const { given, environment } = this.#options;
    return (
      given?.provider ?? this.#config.modelProvider ?? (environment.OPENAI_API_KEY ? 'openai' : SCRIPTED)
    );
  }

  /** What counts from now on, for the next response of every thread. */
  configure(config: EffectiveConfig): void {
    this.#config = config;
    this.#clients.clear();
  }

  /** False where the caller gave a client that takes the place of every provider. */
  get isConfigurable(): boolean {
    return this.#options.given === undefined;
  }

  has(id: string): boolean {
    return this.#fixed.has(id) || this.#config.modelProviders.has(id);
  }

  /** The client of a provider; undefined when there is none of that id. */
  find(id: string): ModelClient | undefined {
    const known = this.#fixed.get(id) ?? this.#clients.get(id);
    if (known !== undefined) return known;
    const provider = this.#config.modelProviders.get(id);
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
