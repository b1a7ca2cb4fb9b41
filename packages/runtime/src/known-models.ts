import { type Model, newModel } from '@millrace/protocol';

const EFFORTS = ['low', 'medium', 'high', 'xhigh'].map((reasoningEffort) => ({
  reasoningEffort,
  description: `Reasoning effort ${reasoningEffort}`,
}));

/** Models that need no warning about missing metadata, best first. Names as the reference server lists them (0.169). */
export const KNOWN_MODELS: readonly Model[] = [
  ['gpt-6.1-sol', 'GPT-6.1-Sol'],
  ['gpt-6-astra', 'GPT-6-Astra'],
  ['gpt-6-sol', 'GPT-6-Sol'],
  ['gpt-6-luna', 'GPT-6-Luna'],
  ['gpt-5.6-sol', 'GPT-5.6-Sol'],
  ['gpt-6.1-terra', 'GPT-6.1 Terra'],
  ['gpt-5.6-terra', 'GPT-5.6-Terra'],
  ['gpt-5.6-luna', 'GPT-5.6-Luna'],
  ['gpt-5.5', 'GPT-5.5'],
].map(([id = '', displayName = ''], index) =>
  newModel({
    id,
    displayName,
    description: `${displayName}, by way of a server that offers the Responses API`,
    supportedReasoningEfforts: EFFORTS,
    isDefault: index === 0,
  }),
);
