import type { Accounts } from '@millrace/server';
import type { Credentials } from '@millrace/store';
import type { ModelClients } from './model-clients.js';

/** The account of this home: one API key. */
export class LocalAccounts implements Accounts {
  readonly #credentials: Credentials;
  readonly #models: ModelClients;

  constructor(credentials: Credentials, models: ModelClients) {
    this.#credentials = credentials;
    this.#models = models;
  }

  get requiresOpenaiAuth(): boolean {
    return this.#models.requiresLogin(this.#models.defaultProvider);
  }

  get authMode(): 'apikey' | null {
    return this.#models.hasLoginKey ? 'apikey' : null;
  }

  async login(apiKey: string): Promise<void> {
    await this.#credentials.setApiKey(apiKey);
    this.#models.reconnect();
  }

  async logout(): Promise<void> {
    await this.#credentials.clear();
    this.#models.reconnect();
  }
}
