import type { ClientRequestMethod } from '@millrace/protocol';
import { handleCollaborationModeList } from './handlers/collaboration-mode-list.js';
import { handleConfigRead } from './handlers/config-read.js';
import { handleConfigRequirementsRead } from './handlers/config-requirements-read.js';
import { handleConfigBatchWrite, handleConfigValueWrite } from './handlers/config-write.js';
import { handleEnvironmentInfo, handleEnvironmentStatus } from './handlers/environment.js';
import { handleExperimentalFeatureList } from './handlers/experimental-feature-list.js';
import {
  handleAppInstalled,
  handleAppList,
  handleAppRead,
  handleFeatureEnablementSet,
  handleMockExperimentalMethod,
  handlePluginList,
  handleWindowsSandboxReadiness,
} from './handlers/extensions.js';
import { handleHooksList } from './handlers/hooks-list.js';
import { handleMcpResourceRead } from './handlers/mcp-resource-read.js';
import { handleMcpServerOauthLogin } from './handlers/mcp-server-oauth-login.js';
import { handleMcpServerReload } from './handlers/mcp-server-reload.js';
import { handleMcpServerStatusList } from './handlers/mcp-server-status-list.js';
import { handleMcpServerToolCall } from './handlers/mcp-server-tool-call.js';
import { handleModelList } from './handlers/model-list.js';
import { handleModelProviderCapabilitiesRead } from './handlers/model-provider-capabilities-read.js';
import { handleModelProviderConfigWrite } from './handlers/model-provider-config-write.js';
import { handleModelProviderList } from './handlers/model-provider-list.js';
import { handlePermissionProfileList } from './handlers/permission-profile-list.js';
import { handlePluginInstalled } from './handlers/plugin-installed.js';
import { handleServerDiagnostics } from './handlers/server-diagnostics.js';
import { handleSkillsConfigWrite } from './handlers/skills-config-write.js';
import { handleSkillsExtraRootsSet } from './handlers/skills-extra-roots-set.js';
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
  'skills/config/write': handleSkillsConfigWrite,
  'skills/extraRoots/set': handleSkillsExtraRootsSet,
  'hooks/list': handleHooksList,
  'plugin/installed': handlePluginInstalled,
  'mcpServerStatus/list': handleMcpServerStatusList,
  'config/mcpServer/reload': handleMcpServerReload,
  'mcpServer/tool/call': handleMcpServerToolCall,
  'mcpServer/resource/read': handleMcpResourceRead,
  'mcpServer/oauth/login': handleMcpServerOauthLogin,
  'experimentalFeature/list': handleExperimentalFeatureList,
  'permissionProfile/list': handlePermissionProfileList,
  'modelProvider/capabilities/read': handleModelProviderCapabilitiesRead,
  'modelProvider/list': handleModelProviderList,
  'modelProvider/config/write': handleModelProviderConfigWrite,
  'experimentalFeature/enablement/set': handleFeatureEnablementSet,
  'plugin/list': handlePluginList,
  'app/list': handleAppList,
  'app/installed': handleAppInstalled,
  'app/read': handleAppRead,
  'windowsSandbox/readiness': handleWindowsSandboxReadiness,
  'environment/info': handleEnvironmentInfo,
  'environment/status': handleEnvironmentStatus,
  'server/diagnostics': handleServerDiagnostics,
  'mock/experimentalMethod': handleMockExperimentalMethod,
} satisfies { readonly [M in ClientRequestMethod]?: Handler<M> };
