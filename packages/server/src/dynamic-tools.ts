import type { DynamicTool } from '@millrace/core';
import { type DynamicToolSpec, LIMITS } from '@millrace/protocol';
import { invalidRequest } from './rpc-error.js';

type Namespace = Extract<DynamicToolSpec, { readonly type: 'namespace' }>;
type LegacyTool = Exclude<DynamicToolSpec, { readonly type: string }>;
type ToolSpec = Namespace['tools'][number] | LegacyTool;

/** What the Responses API takes as a name, in characters. */
const NAME = { pattern: /^[a-zA-Z0-9_-]+$/, toolChars: 128, namespaceChars: 64, descriptionChars: 1_024 };

/** Namespaces that models know as something else (observed, 0.169). */
const TAKEN_NAMESPACES: readonly string[] = [
  'api_tool',
  'browser',
  'computer',
  'container',
  'file_search',
  'functions',
  'image_gen',
  'multi_tool_use',
  'python',
  'tool_search',
  'web',
];

/**
 * The tools that a client brings along, checked: a provider would refuse every request of the thread for one bad name.
 *
 * @throws {RpcError} `invalidRequest` that names the first fault.
 */
export function readDynamicTools(specs: readonly DynamicToolSpec[]): readonly DynamicTool[] {
  const legacy = specs.filter((spec): spec is LegacyTool => spec.type === undefined);
  if (legacy.length > 0 && legacy.length < specs.length) {
    throw invalidRequest(
      'Invalid request: dynamic tools must use either canonical or legacy format consistently',
    );
  }
  const families = new Set<string>();
  const tools = specs.flatMap((spec) => {
    if (spec.type !== 'namespace') return [readTool(spec, legacyNamespace(spec))];
    checkNamespace(spec);
    if (families.has(spec.name)) throw invalidRequest(`duplicate dynamic tool namespace: ${spec.name}`);
    families.add(spec.name);
    const { name, description } = spec;
    return spec.tools.map((tool) => readTool(tool, { name, description }));
  });
  checkUnique(tools);
  if (tools.length > LIMITS.dynamicTools)
    throw invalidRequest(`a thread takes at most ${LIMITS.dynamicTools} dynamic tools`);
  return tools;
}

/** An older client names the namespace of each tool beside it. */
function legacyNamespace(spec: ToolSpec): DynamicTool['namespace'] {
  if (!('namespace' in spec) || typeof spec.namespace !== 'string') return null;
  checkName('namespace', spec.namespace, NAME.namespaceChars);
  return { name: spec.namespace, description: '' };
}

function checkNamespace({ name, description, tools }: Namespace): void {
  checkName('namespace', name, NAME.namespaceChars);
  if (TAKEN_NAMESPACES.includes(name)) {
    throw invalidRequest(`dynamic tool namespace collides with a reserved Responses API namespace: ${name}`);
  }
  if (description.length > NAME.descriptionChars) {
    throw invalidRequest(
      `dynamic tool namespace description must be at most ${NAME.descriptionChars} characters`,
    );
  }
  if (tools.length === 0)
    throw invalidRequest(`dynamic tool namespace must contain at least one tool: ${name}`);
}

function readTool(spec: ToolSpec, namespace: DynamicTool['namespace']): DynamicTool {
  const { name, description, inputSchema } = spec;
  checkName('name', name, NAME.toolChars);
  if (spec.deferLoading === true && namespace === null) {
    throw invalidRequest(`deferred dynamic tool must include a namespace: ${name}`);
  }
  checkSchema(name, inputSchema);
  return { namespace, name, description, inputSchema };
}

/** `mcp` and what begins with `mcp__` belongs to the tools of MCP servers. */
function checkName(what: 'name' | 'namespace', name: string, limit: number): void {
  const subject = `dynamic tool ${what}`;
  if (name === '') throw invalidRequest(`${subject} must not be empty`);
  if (name.trim() !== name) throw invalidRequest(`${subject} has leading/trailing whitespace: ${name}`);
  if (!NAME.pattern.test(name)) {
    throw invalidRequest(`${subject} must match ${NAME.pattern.source} to match Responses API: ${name}`);
  }
  if (name.length > limit) {
    throw invalidRequest(`${subject} must be at most ${limit} characters to match Responses API: ${name}`);
  }
  if (name === 'mcp' || name.startsWith('mcp__')) throw invalidRequest(`${subject} is reserved: ${name}`);
}

function checkUnique(tools: readonly DynamicTool[]): void {
  const seen = new Set<string>();
  for (const { namespace, name } of tools) {
    const key = `${namespace?.name ?? ''}/${name}`;
    if (seen.has(key)) {
      const where = namespace === null ? '' : ` in namespace ${namespace.name}`;
      throw invalidRequest(`duplicate dynamic tool name${where}: ${name}`);
    }
    seen.add(key);
  }
}

/** A schema is an object, and so are the schemas of its properties and items. */
function checkSchema(tool: string, schema: unknown): void {
  if (typeof schema === 'boolean') return;
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    const found = schema === null ? 'null' : Array.isArray(schema) ? 'sequence' : typeof schema;
    throw invalidRequest(
      `dynamic tool input schema is not supported for ${tool}: invalid type: ${found}, expected struct JsonSchema`,
    );
  }
  const { properties, items } = schema as { readonly properties?: unknown; readonly items?: unknown };
  if (typeof properties === 'object' && properties !== null) {
    for (const property of Object.values(properties)) checkSchema(tool, property);
  }
  if (items !== undefined) checkSchema(tool, items);
}
