import type { ExperimentalFeature } from '@millrace/protocol';
import type { EffectiveConfig } from '@millrace/store';

/** The feature of `item/fileChange/patchUpdated`. */
export const PATCH_STREAMING = 'apply_patch_streaming_events';

/** The feature that lets the model ask for rights which the sandbox does not give. */
export const REQUEST_PERMISSIONS = 'request_permissions_tool';

/** Features that can be switched on by name. All of them may still change. */
const KNOWN: ReadonlySet<string> = new Set([PATCH_STREAMING, REQUEST_PERMISSIONS]);

/** The features as clients are shown them, by name. */
export function describeFeatures({ features }: EffectiveConfig): ExperimentalFeature[] {
  return [...KNOWN].sort().map((name) => ({
    name,
    stage: 'underDevelopment',
    displayName: null,
    description: null,
    announcement: null,
    enabled: features.get(name) === true,
    defaultEnabled: false,
  }));
}

/** Whoever asks for a feature that is not here should know. */
export function unknownFeatures({ features }: EffectiveConfig): string[] {
  return [...features]
    .filter(([name, isOn]) => isOn && !KNOWN.has(name))
    .map(([name]) => `The feature \`${name}\` is not known here and has no effect.`);
}

/** What every thread is told that uses a feature which may still change. */
export function earlyFeatures({ features }: EffectiveConfig): string[] {
  return [...features]
    .filter(([name, isOn]) => isOn && KNOWN.has(name))
    .map(([name]) => `Under-development features enabled: ${name}. They may change or go with any release.`);
}
