import { z } from 'zod';
import { ReasoningEffort } from './policy.js';
import type { Wire } from './wire.js';

const model = z.object({
  id: z.string(),
  model: z.string(),
  upgrade: z.string().nullable(),
  upgradeInfo: z
    .object({
      model: z.string(),
      upgradeCopy: z.string().nullable(),
      modelLink: z.string().nullable(),
      migrationMarkdown: z.string().nullable(),
      retirementAt: z.int().nullable(),
    })
    .nullable(),
  availabilityNux: z.object({ message: z.string() }).nullable(),
  displayName: z.string(),
  description: z.string(),
  modelSpecialty: z.string().nullable(),
  /** Left out of `model/list` unless hidden models are asked for. */
  hidden: z.boolean(),
  supportedReasoningEfforts: z.array(z.object({ reasoningEffort: ReasoningEffort, description: z.string() })),
  defaultReasoningEffort: ReasoningEffort,
  inputModalities: z.array(z.enum(['text', 'image', 'audio'])),
  supportsPersonality: z.boolean(),
  multiAgentVersion: z.enum(['disabled', 'v1', 'v2']).nullable(),
  additionalSpeedTiers: z.array(z.string()),
  serviceTiers: z.array(z.object({ id: z.string(), name: z.string(), description: z.string() })),
  defaultServiceTier: z.string().nullable(),
  availableAccessPrograms: z.object({ cyber: z.array(z.string()) }).nullable(),
  isDefault: z.boolean(),
});

/** A model that a thread can be given. */
export interface Model extends Wire<typeof model> {}
export const Model: z.ZodType<Model> = model;

/** A plain model, or as the given fields say: text and images, no tiers, no upgrade. */
export function newModel(fields: Pick<Model, 'id' | 'displayName' | 'description'> & Partial<Model>): Model {
  const { id, displayName, description, ...rest } = fields;
  return {
    id,
    model: id,
    upgrade: null,
    upgradeInfo: null,
    availabilityNux: null,
    displayName,
    description,
    modelSpecialty: null,
    hidden: false,
    supportedReasoningEfforts: [],
    defaultReasoningEffort: 'medium',
    inputModalities: ['text', 'image'],
    supportsPersonality: false,
    multiAgentVersion: null,
    additionalSpeedTiers: [],
    serviceTiers: [],
    defaultServiceTier: null,
    availableAccessPrograms: null,
    isDefault: false,
    ...rest,
  };
}

/** Params of `model/list`. */
export const ModelListParams = z.object({
  cursor: z.string().nullish(),
  limit: z.uint32().nullish(),
  includeHidden: z.boolean().nullish(),
  modelProvider: z.string().nullish(),
});
export interface ModelListParams extends Wire<typeof ModelListParams> {}

const modelListResponse = z.object({ data: z.array(Model), nextCursor: z.string().nullable() });
/** Result of `model/list`: one page, best model first. */
export interface ModelListResponse extends Wire<typeof modelListResponse> {}
export const ModelListResponse: z.ZodType<ModelListResponse> = modelListResponse;
