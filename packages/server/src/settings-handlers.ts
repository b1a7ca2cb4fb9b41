import type { ClientRequestMethod } from '@millrace/protocol';
import { handleAccountRateLimitsRead } from './handlers/account-rate-limits-read.js';
import { handleAccountRead } from './handlers/account-read.js';
import { handleCollaborationModeList } from './handlers/collaboration-mode-list.js';
import { handleConfigRead } from './handlers/config-read.js';
import { handleConfigRequirementsRead } from './handlers/config-requirements-read.js';
import { handleConfigBatchWrite, handleConfigValueWrite } from './handlers/config-write.js';
import { handleExperimentalFeatureList } from './handlers/experimental-feature-list.js';
import { handleGetAuthStatus } from './handlers/get-auth-status.js';
import { handleHooksList } from './handlers/hooks-list.js';
import { handleMcpServerStatusList } from './handlers/mcp-server-status-list.js';
import { handleModelList } from './handlers/model-list.js';
import { handleModelProviderCapabilitiesRead } from './handlers/model-provider-capabilities-read.js';
import { handlePermissionProfileList } from './handlers/permission-profile-list.js';
import { handlePluginInstalled } from './handlers/plugin-installed.js';
import { handleSkillsList } from './handlers/skills-list.js';
import type { Handler } from './handlers.js';

/** The handlers of what clients ask about the server itself. */
export const SETTINGS_HANDLERS = {
  'model/list': handleModelList,
  'config/read': handleConfigRead,
  'configRequirements/read': handleConfigRequirementsRead,
  'config/value/write': handleConfigValueWrite,
  'config/batchWrite': handleConfigBatchWrite,
  'collaborationMode/list': handleCollaborationModeList,
  'skills/list': handleSkillsList,
  'hooks/list': handleHooksList,
  'plugin/installed': handlePluginInstalled,
  'mcpServerStatus/list': handleMcpServerStatusList,
  'experimentalFeature/list': handleExperimentalFeatureList,
  'permissionProfile/list': handlePermissionProfileList,
  'modelProvider/capabilities/read': handleModelProviderCapabilitiesRead,
  'account/read': handleAccountRead,
  getAuthStatus: handleGetAuthStatus,
  'account/rateLimits/read': handleAccountRateLimitsRead,
} satisfies { readonly [M in ClientRequestMethod]?: Handler<M> };
