import { z } from 'zod';
import type { Wire } from './wire.js';

/** Why an active thread does not go on by itself. */
export const ThreadActiveFlag = z.enum(['waitingOnApproval', 'waitingOnUserInput']);
export type ThreadActiveFlag = Wire<typeof ThreadActiveFlag>;

/** What a thread is doing. `systemError` stays until its next turn starts. */
export const ThreadStatus = z.discriminatedUnion('type', [
  z.object({ type: z.literal('notLoaded') }),
  z.object({ type: z.literal('idle') }),
  z.object({ type: z.literal('systemError') }),
  z.object({ type: z.literal('active'), activeFlags: z.array(ThreadActiveFlag) }),
]);
export type ThreadStatus = Wire<typeof ThreadStatus>;
