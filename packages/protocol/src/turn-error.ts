import { z } from 'zod';
import { externallyTagged } from './tagged.js';
import type { Wire } from './wire.js';

const httpFailure = z.object({ httpStatusCode: z.int().nullable() });

/** What a turn is about into which a user cannot join. */
export type NonSteerableTurnKind = 'review' | 'compact';
const nonSteerableTurnKind: z.ZodType<NonSteerableTurnKind> = z.enum(['review', 'compact']);

const codexErrorInfo = externallyTagged(
  [
    'contextWindowExceeded',
    'sessionBudgetExceeded',
    'usageLimitExceeded',
    'rateLimitExceeded',
    'flexUnavailable',
    'serverOverloaded',
    'modelNotFound',
    'policyCapacityUnavailable',
    'cyberPolicy',
    'misalignmentPolicyViolation',
    'tooManyDenials',
    'internalServerError',
    'unauthorized',
    'badRequest',
    'threadRollbackFailed',
    'sandboxError',
    'inferenceHookDenied',
    'other',
  ],
  {
    httpConnectionFailed: httpFailure,
    responseStreamConnectionFailed: httpFailure,
    responseStreamDisconnected: httpFailure,
    responseTooManyFailedAttempts: httpFailure,
    activeTurnNotSteerable: z.object({ turnKind: nonSteerableTurnKind }),
  },
);

/** Why a turn failed, for programs. */
export type CodexErrorInfo = Wire<typeof codexErrorInfo>;
export const CodexErrorInfo: z.ZodType<CodexErrorInfo> = codexErrorInfo;

/** What a provider says about an agent that it stopped. Millrace only passes it on. */
export const MisalignmentErrorDetails = z.object({
  errorType: z.string().nullish(),
  reviewTarget: z.string().nullish(),
  detailedExplanation: z.string().nullish(),
  steer: z.object({ message: z.string() }).nullish(),
});
export interface MisalignmentErrorDetails extends Wire<typeof MisalignmentErrorDetails> {}

const turnError = z.object({
  message: z.string(),
  codexErrorInfo: CodexErrorInfo.nullable(),
  additionalDetails: z.string().nullable(),
  misalignment: MisalignmentErrorDetails.nullable(),
});

/** What went wrong in a turn, the same object in the `error` notification and in the failed turn. */
export interface TurnError extends Wire<typeof turnError> {}
export const TurnError: z.ZodType<TurnError> = turnError;

/** A turn error of which only the message is always there. */
export function newTurnError(
  fields: Pick<TurnError, 'message'> & Partial<Pick<TurnError, 'codexErrorInfo' | 'additionalDetails'>>,
): TurnError {
  return {
    message: fields.message,
    codexErrorInfo: fields.codexErrorInfo ?? null,
    additionalDetails: fields.additionalDetails ?? null,
    misalignment: null,
  };
}
