import { z } from 'zod';
import type { Wire } from './wire.js';

/** Params of `fuzzyFileSearch`. A later request with the same token makes this one end at once, with what it has. */
export const FuzzyFileSearchParams = z.object({
  query: z.string(),
  /** Directories; a relative one is one of the server's working directory. */
  roots: z.array(z.string()),
  cancellationToken: z.string().nullish(),
});
export interface FuzzyFileSearchParams extends Wire<typeof FuzzyFileSearchParams> {}

/** A file or directory whose path fits the query. */
export const FuzzyFileSearchResult = z.object({
  root: z.string(),
  /** From the root. */
  path: z.string(),
  match_type: z.enum(['file', 'directory']),
  file_name: z.string(),
  /** Only to be compared with others of the same query. */
  score: z.int(),
  /** Places of the characters of the path that fit, ascending. */
  indices: z.array(z.int()).nullable(),
});
export interface FuzzyFileSearchResult extends Wire<typeof FuzzyFileSearchResult> {}

/** Result of `fuzzyFileSearch`: the best matches, best first. */
export const FuzzyFileSearchResponse = z.object({ files: z.array(FuzzyFileSearchResult) });
export interface FuzzyFileSearchResponse extends Wire<typeof FuzzyFileSearchResponse> {}

/** Params of `fuzzyFileSearch/sessionStart`. The client chooses the id; one that is in use begins anew. */
export const FuzzyFileSearchSessionStartParams = z.object({
  sessionId: z.string(),
  roots: z.array(z.string()),
});
export interface FuzzyFileSearchSessionStartParams extends Wire<typeof FuzzyFileSearchSessionStartParams> {}

/** Params of `fuzzyFileSearch/sessionUpdate`: what is looked for from now on. */
export const FuzzyFileSearchSessionUpdateParams = z.object({ sessionId: z.string(), query: z.string() });
export interface FuzzyFileSearchSessionUpdateParams extends Wire<typeof FuzzyFileSearchSessionUpdateParams> {}

/** Params of `fuzzyFileSearch/sessionStop`. */
export const FuzzyFileSearchSessionStopParams = z.object({ sessionId: z.string() });
export interface FuzzyFileSearchSessionStopParams extends Wire<typeof FuzzyFileSearchSessionStopParams> {}

/** Result of the requests of a session. */
export const FuzzyFileSearchSessionResponse = z.object({});
export interface FuzzyFileSearchSessionResponse extends Wire<typeof FuzzyFileSearchSessionResponse> {}

/** Params of `fuzzyFileSearch/sessionUpdated`: the best matches so far. */
export const FuzzyFileSearchSessionUpdatedNotification = z.object({
  sessionId: z.string(),
  query: z.string(),
  files: z.array(FuzzyFileSearchResult),
});
export interface FuzzyFileSearchSessionUpdatedNotification
  extends Wire<typeof FuzzyFileSearchSessionUpdatedNotification> {}

/** Params of `fuzzyFileSearch/sessionCompleted`: what was told last for the query is all there is. */
export const FuzzyFileSearchSessionCompletedNotification = z.object({ sessionId: z.string() });
export interface FuzzyFileSearchSessionCompletedNotification
  extends Wire<typeof FuzzyFileSearchSessionCompletedNotification> {}
