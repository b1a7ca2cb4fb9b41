import type { FunctionSpec, NamespaceSpec, ToolSpec } from '../ports.js';
import type { CustomToolCallItem, FunctionCallItem } from '../response-item.js';
import type { TurnContext } from '../turn-context.js';
import type { Tool, ToolOutput, ToolSource } from './tool.js';

/** The tools of a thread, from everywhere they come from: Millrace itself, its client, MCP servers. */
export class ThreadTools {
  readonly #sources: readonly ToolSource[];

  /** @param sources In the order in which their tools are offered; of two tools with one name the first counts. */
  constructor(sources: readonly ToolSource[]) {
    this.#sources = sources;
  }

  /** The tools that the model may use now, those of one namespace together, those that the provider runs itself last. */
  specs(context: TurnContext): ToolSpec[] {
    const specs: ToolSpec[] = [];
    const families = new Map<string, NamespaceSpec & { readonly tools: FunctionSpec[] }>();
    for (const { spec, namespace } of this.#enabled(context)) {
      if (namespace === undefined || spec.type !== 'function') {
        specs.push(spec);
        continue;
      }
      let family = families.get(namespace.name);
      if (family === undefined) {
        family = { type: 'namespace', ...namespace, tools: [] };
        families.set(namespace.name, family);
        specs.push(family);
      }
      family.tools.push(spec);
    }
    const { webSearch } = context.features;
    return webSearch === null ? specs : [...specs, webSearch];
  }

  /** Runs one call; a name that is not offered is answered to the model. See {@link Tool.run} for when it rejects. */
  async run(item: FunctionCallItem | CustomToolCallItem, context: TurnContext): Promise<ToolOutput> {
    const namespace = item.type === 'function_call' ? (item.namespace ?? '') : '';
    const tool = this.#enabled(context).find(
      (candidate) => candidate.spec.name === item.name && (candidate.namespace?.name ?? '') === namespace,
    );
    if (tool === undefined) return `unsupported call: ${namespace}${item.name}`;
    const input = item.type === 'function_call' ? item.arguments : item.input;
    return tool.run({ callId: item.call_id, input }, context);
  }

  #enabled(context: TurnContext): Tool[] {
    return this.#sources.flatMap((source) => source.tools()).filter((tool) => tool.isEnabled(context));
  }
}
