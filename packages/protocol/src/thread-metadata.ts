import { z } from 'zod';
import { GitInfo, SessionSource, Thread } from './thread.js';
import type { Wire } from './wire.js';

/** Params of `thread/metadata/update`. An absent field stays as it is, null clears it. */
export const ThreadMetadataUpdateParams = z.object({
  threadId: z.string(),
  gitInfo: GitInfo.partial().nullish(),
});
export interface ThreadMetadataUpdateParams extends Wire<typeof ThreadMetadataUpdateParams> {}

/** Result of `thread/metadata/update`: the thread as it is then, without turns. */
export const ThreadMetadataUpdateResponse = z.object({ thread: Thread });
export interface ThreadMetadataUpdateResponse extends Wire<typeof ThreadMetadataUpdateResponse> {}

/** Params of `getConversationSummary`: a thread by its id, or by its file. */
export const GetConversationSummaryParams = z.union([
  z.object({ conversationId: z.string() }),
  z.object({ rolloutPath: z.string() }),
]);
export type GetConversationSummaryParams = Wire<typeof GetConversationSummaryParams>;

/** Result of `getConversationSummary`. Times are RFC 3339. */
export const GetConversationSummaryResponse = z.object({
  summary: z.object({
    conversationId: z.string(),
    path: z.string(),
    preview: z.string(),
    timestamp: z.string().nullable(),
    updatedAt: z.string().nullable(),
    modelProvider: z.string(),
    cwd: z.string(),
    cliVersion: z.string(),
    source: SessionSource,
    gitInfo: z
      .object({
        sha: z.string().nullable(),
        branch: z.string().nullable(),
        origin_url: z.string().nullable(),
      })
      .nullable(),
  }),
});
export interface GetConversationSummaryResponse extends Wire<typeof GetConversationSummaryResponse> {}
