import type { ModelRequest, ToolSpec, WebSearchSpec } from '@millrace/core/ports';
import { toWireItem } from './response-item-reader.js';

/** The JSON text of a request for one streamed response that the server does not keep. */
export function requestBody(request: ModelRequest): string {
  const { effort } = request;
  const summary = request.summary === 'none' ? null : request.summary;
  const reasoning = { ...(effort !== null && { effort }), ...(summary !== null && { summary }) };
  const hasSchema = request.outputSchema !== null && request.outputSchema !== undefined;
  return JSON.stringify({
    model: request.model,
    input: request.input.map(toWireItem).filter((item) => item !== undefined),
    tools: request.tools.map(wireTool),
    tool_choice: 'auto',
    parallel_tool_calls: true,
    ...(Object.keys(reasoning).length > 0 && { reasoning }),
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: request.threadId,
    ...(hasSchema && {
      text: {
        format: { type: 'json_schema', name: 'final_message', strict: true, schema: request.outputSchema },
      },
    }),
  });
}

function wireTool(tool: ToolSpec): unknown {
  if (tool.type === 'webSearch') return wireSearch(tool);
  const { name, description } = tool;
  if (tool.type === 'namespace') {
    return { type: 'namespace', name, description, tools: tool.tools.map(wireTool) };
  }
  if (tool.type === 'function') {
    return { type: 'function', name, description, strict: false, parameters: tool.parameters };
  }
  const format =
    tool.grammar === null ? { type: 'text' } : { type: 'grammar', syntax: 'lark', definition: tool.grammar };
  return { type: 'custom', name, description, format };
}

function wireSearch({ access, contextSize, allowedDomains, location }: WebSearchSpec): unknown {
  const place = Object.entries(location ?? {}).filter(([, value]) => value !== null);
  return {
    type: 'web_search',
    external_web_access: access !== 'cached',
    ...(access === 'indexed' && { indexed_web_access: true }),
    ...(allowedDomains !== null && { filters: { allowed_domains: allowedDomains } }),
    ...(location !== null && { user_location: { type: 'approximate', ...Object.fromEntries(place) } }),
    ...(contextSize !== null && { search_context_size: contextSize }),
  };
}
