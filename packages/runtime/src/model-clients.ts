import type { Clock } from '@millrace/channel';
import { type ModelClient, ModelError } from '@millrace/core/ports';
import { responsesClient, scriptedModel } from '@millrace/model';
import type { EffectiveConfig, ModelProviderConfig } from '@millrace/store';
import { KNOWN_MODELS } from './known-models.js';
import { VERSION } from './version.js';

/** The provider whose answers stand in a script; there without any configuration. */
const SCRIPTED = 'scripted';
/** The provider that there is without any configuration once somebody has logged in. */
const OPENAI = 'openai';

export interface ModelClientsOptions {
  /** What counts at first, see {@link ModelClients.configure}. */
  readonly config: EffectiveConfig;
  readonly environment: NodeJS.ProcessEnv;
  /** The key that somebody has logged in with; asked for again after {@link ModelClients.reconnect}. */
  readonly loginKey: () => string | null;
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
    const { given } = this.#options;
    return given?.provider ?? this.#config.modelProvider ?? (this.hasLoginKey ? OPENAI : SCRIPTED);
  }

  /** Whether there is a key for providers that people log in at: one that was kept, or the one in the environment. */
  get hasLoginKey(): boolean {
    return this.#loginKey() !== undefined;
  }

  /** Whether a provider is asked with that key. */
  requiresLogin(id: string): boolean {
    return !this.#fixed.has(id) && this.#config.modelProviders.get(id)?.requiresOpenaiAuth === true;
  }

  /** The providers that the configuration names. */
  get configured(): Iterable<ModelProviderConfig> {
    return this.#config.modelProviders.values();
  }

  /** Asks for the login key again, for the next response of every thread. */
  reconnect(): void {
    this.#clients.clear();
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
    const { clock } = this.#options;
    const apiKey = this.#keyOf(provider);
    const isNeeded = provider.envKey !== null || provider.requiresOpenaiAuth;
    if (isNeeded && apiKey === undefined) return withoutKey(provider);
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

  /** A key that belongs to the provider alone counts before the one that somebody has logged in with. */
  #keyOf({ bearerToken, envKey, requiresOpenaiAuth, id }: ModelProviderConfig): string | undefined {
    if (bearerToken !== null) return bearerToken;
    const own = envKey === null || id === OPENAI ? undefined : this.#options.environment[envKey];
    return own || (requiresOpenaiAuth ? this.#loginKey() : undefined);
  }

  #loginKey(): string | undefined {
    const { loginKey, environment } = this.#options;
    return loginKey() || environment.OPENAI_API_KEY || undefined;
  }
}

/** A provider whose key is not set says so when it is asked, not before: other providers may do. */
function withoutKey({ id, name, envKey, requiresOpenaiAuth }: ModelProviderConfig): ModelClient {
  const login = requiresOpenaiAuth ? ' Or log in with an API key.' : '';
  const message =
    envKey === null
      ? `${name} wants a key. Log in with an API key.`
      : `Missing environment variable: \`${envKey}\`. Set it to the key for ${name}.${login}`;
  return {
    provider: id,
    streamMaxRetries: 0,
    models: KNOWN_MODELS,
    stream: () => failing(message),
  };
}

function failing(message: string): AsyncIterable<never> {
  const next = (): Promise<never> =>
    Promise.reject(new ModelError(message, { info: 'unauthorized', retryable: false }));
  return { [Symbol.asyncIterator]: () => ({ next }) };
}
