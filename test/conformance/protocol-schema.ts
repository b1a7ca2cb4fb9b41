import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import { type JsonSchema, schemaAt } from './json-schema.js';
import { unknownFields } from './unknown-fields.js';

/** The file of the published schema that holds every definition. */
const BUNDLE = 'codex_app_server_protocol.schemas.json';

/** Results that are not called like the params of their request. */
const RESULTS: Readonly<Record<string, string>> = {
  'account/gatewayOAuth/cancel': 'GatewayOAuthCancelResponse',
  'account/gatewayOAuth/login': 'GatewayOAuthLoginResponse',
  'account/gatewayOAuth/read': 'GatewayOAuthReadResponse',
  'account/logout': 'LogoutAccountResponse',
  'account/rateLimits/read': 'GetAccountRateLimitsResponse',
  'account/securitySetup/read': 'GetAccountSecuritySetupResponse',
  'account/usage/read': 'GetAccountTokenUsageResponse',
  'account/workspaceMessages/read': 'GetWorkspaceMessagesResponse',
  'accountSession/list': 'AccountSessionsResponse',
  'config/batchWrite': 'ConfigWriteResponse',
  'config/mcpServer/reload': 'McpServerRefreshResponse',
  'config/value/write': 'ConfigWriteResponse',
  'externalAgentConfig/import/readHistories': 'ExternalAgentConfigImportHistoriesReadResponse',
};

/** What a schema says of one part of a message. */
export interface PartVerdict {
  /** What is wrong, one sentence each; empty when it is valid. */
  readonly violations: readonly string[];
  /** Fields that the schema does not describe; they are allowed. */
  readonly unknown: readonly string[];
}

/** The published JSON Schema of the protocol: what may stand in each message. */
export class ProtocolSchema {
  readonly #root: JsonSchema;
  readonly #ajv: Ajv;
  readonly #validators = new Map<string, ValidateFunction>();
  readonly #requests: ReadonlyMap<string, string>;
  readonly #notifications: ReadonlyMap<string, string>;
  readonly #serverRequests: ReadonlyMap<string, string>;

  /** @param root A schema with the definitions `ClientRequest`, `ServerNotification` and `ServerRequest`. */
  constructor(root: JsonSchema) {
    this.#root = root;
    // Schemas made from Rust types name number formats that nobody else knows.
    this.#ajv = new Ajv({ strict: false, validateFormats: false });
    this.#ajv.addSchema(root, 'protocol');
    this.#requests = this.#paramsByMethod('ClientRequest');
    this.#notifications = this.#paramsByMethod('ServerNotification');
    this.#serverRequests = this.#paramsByMethod('ServerRequest');
  }

  /** Reads what `generate-json-schema` wrote into a folder. */
  static read(directory: string): ProtocolSchema {
    return new ProtocolSchema(JSON.parse(readFileSync(join(directory, BUNDLE), 'utf8')));
  }

  /** Every method, notification and server request that the schema has, in its order. */
  get names(): {
    readonly methods: readonly string[];
    readonly notifications: readonly string[];
    readonly serverRequests: readonly string[];
  } {
    return {
      methods: [...this.#requests.keys()],
      notifications: [...this.#notifications.keys()],
      serverRequests: [...this.#serverRequests.keys()],
    };
  }

  /** Judges the result of a request; undefined when the schema says nothing of that method. */
  checkResult(method: string, result: unknown): PartVerdict | undefined {
    const pointer = this.#resultOf(method);
    return pointer === undefined ? undefined : this.#check(pointer, result);
  }

  checkNotification(method: string, params: unknown): PartVerdict {
    return this.#checkKnown(this.#notifications, 'notification', method, params);
  }

  checkServerRequest(method: string, params: unknown): PartVerdict {
    return this.#checkKnown(this.#serverRequests, 'server request', method, params);
  }

  #checkKnown(
    known: ReadonlyMap<string, string>,
    kind: string,
    method: string,
    params: unknown,
  ): PartVerdict {
    const pointer = known.get(method);
    if (pointer === undefined) return { violations: [`no ${kind} is called ${method}`], unknown: [] };
    return this.#check(pointer, params);
  }

  #check(pointer: string, value: unknown): PartVerdict {
    let validate = this.#validators.get(pointer);
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: `protocol${pointer}` });
      this.#validators.set(pointer, validate);
    }
    const isValid = validate(value);
    const faults = (validate.errors ?? []).map(
      ({ instancePath, message = '' }) => `${instancePath} ${message}`,
    );
    const violations = isValid ? [] : [...new Set(faults)];
    return { violations, unknown: unknownFields(this.#root, schemaAt(this.#root, pointer), value) };
  }

  #paramsByMethod(union: string): ReadonlyMap<string, string> {
    const members = this.#root.definitions?.[union]?.oneOf ?? [];
    if (members.length === 0) throw new Error(`the schema has no union ${union}`);
    const pairs = members.map(({ properties = {} }): [string, string] => [
      String(properties.method?.enum?.[0]),
      properties.params?.$ref ?? '',
    ]);
    return new Map(pairs);
  }

  #resultOf(method: string): string | undefined {
    const params = this.#requests.get(method);
    if (params === undefined) return undefined;
    const name = RESULTS[method] ?? nameOf(params)?.replace(/Params$/u, 'Response') ?? conventional(method);
    const pointers = [`#/definitions/${name}`, `#/definitions/v2/${name}`];
    return pointers.find((pointer) => exists(this.#root, pointer));
  }
}

function nameOf(pointer: string): string | undefined {
  return pointer === '' ? undefined : pointer.split('/').at(-1);
}

/** `configRequirements/read` → `ConfigRequirementsReadResponse`. */
function conventional(method: string): string {
  const words = method.split('/').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Response`;
}

function exists(root: JsonSchema, pointer: string): boolean {
  try {
    schemaAt(root, pointer);
    return true;
  } catch {
    return false;
  }
}
