import type { CollaborationModeListResponse } from '@millrace/protocol';
import type { Handler } from '../handlers.js';

/** Handles `collaborationMode/list`: what a turn can be started with. */
export const handleCollaborationModeList: Handler<'collaborationMode/list'> = () => MODES;

const MODES: CollaborationModeListResponse = {
  data: [
    { name: 'Plan', mode: 'plan', model: null, reasoning_effort: 'medium' },
    { name: 'Default', mode: 'default', model: null, reasoning_effort: null },
  ],
};
