import type { Difference } from './comparison.js';

/** A difference from the reference server that is meant, with the reason; `docs/differences.md` says more. */
interface AcceptedDifference {
  readonly kind: Difference['kind'];
  readonly label: string;
  /** Paths that it is about; every one when it is absent. */
  readonly path?: RegExp;
  readonly reason: string;
}

const ACCEPTED: readonly AcceptedDifference[] = [
  {
    kind: 'missing',
    label: 'remoteControl/status/changed',
    reason: 'there is no remote control',
  },
  {
    kind: 'missing',
    label: 'account/rateLimits/updated',
    reason: 'there is no account whose limits could be told',
  },
  {
    kind: 'missing',
    label: 'warning',
    reason: 'the reference server warns once more where an approval makes it read its model list again',
  },
  {
    kind: 'shape',
    label: 'result of config/read',
    path: /^config\.|\.profile$/u,
    reason: 'keys that are not set are left out instead of being null',
  },
];

/** Whether a difference is meant. */
export function isAccepted(difference: Difference): boolean {
  return ACCEPTED.some(
    ({ kind, label, path }) =>
      kind === difference.kind && label === difference.label && (path?.test(difference.path) ?? true),
  );
}
