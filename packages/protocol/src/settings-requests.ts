import {
  CollaborationModeListParams,
  CollaborationModeListResponse,
  ExperimentalFeatureListParams,
  ExperimentalFeatureListResponse,
  HooksListParams,
  HooksListResponse,
  ModelProviderCapabilitiesReadParams,
  ModelProviderCapabilitiesReadResponse,
  PermissionProfileListParams,
  PermissionProfileListResponse,
  PluginInstalledParams,
  PluginInstalledResponse,
} from './catalogues.js';
import type { ClientRequestRow } from './client-request-row.js';
import {
  ConfigReadParams,
  ConfigReadResponse,
  ConfigRequirementsReadParams,
  ConfigRequirementsReadResponse,
} from './config.js';
import { ConfigBatchWriteParams, ConfigValueWriteParams, ConfigWriteResponse } from './config-write.js';
import {
  EnvironmentInfoParams,
  EnvironmentInfoResponse,
  EnvironmentStatusParams,
  EnvironmentStatusResponse,
} from './environment.js';
import {
  AppsInstalledParams,
  AppsInstalledResponse,
  AppsListParams,
  AppsListResponse,
  AppsReadParams,
  AppsReadResponse,
  ExperimentalFeatureEnablementSetParams,
  ExperimentalFeatureEnablementSetResponse,
  MockExperimentalMethodParams,
  MockExperimentalMethodResponse,
  PluginListParams,
  PluginListResponse,
  WindowsSandboxReadinessParams,
  WindowsSandboxReadinessResponse,
} from './extensions.js';
import {
  ListMcpServerStatusParams,
  ListMcpServerStatusResponse,
  McpResourceReadParams,
  McpResourceReadResponse,
  McpServerOauthLoginParams,
  McpServerOauthLoginResponse,
  McpServerRefreshParams,
  McpServerRefreshResponse,
  McpServerToolCallParams,
  McpServerToolCallResponse,
} from './mcp-server.js';
import { ModelListParams, ModelListResponse } from './model.js';
import {
  ModelProviderConfigWriteParams,
  ModelProviderConfigWriteResponse,
  ModelProviderListParams,
  ModelProviderListResponse,
} from './model-provider.js';
import { ServerDiagnosticsParams, ServerDiagnosticsResponse } from './server-diagnostics.js';
import {
  SkillsConfigWriteParams,
  SkillsConfigWriteResponse,
  SkillsExtraRootsSetParams,
  SkillsExtraRootsSetResponse,
  SkillsListParams,
  SkillsListResponse,
} from './skills.js';

const READS_CONFIG = { type: 'global', name: 'config', shared: true } as const;
const WRITES_CONFIG = { type: 'global', name: 'config' } as const;
const NO_PLUGINS = 'Always empty: there are no plugins.';
const NO_APPS = 'Always empty: no apps are connected to.';

/** What clients ask about the server itself: its configuration, its models, and what it can be extended with. */
export const SETTINGS_REQUESTS = {
  'model/list': { params: ModelListParams, result: ModelListResponse },
  'config/read': { params: ConfigReadParams, result: ConfigReadResponse, key: READS_CONFIG },
  'configRequirements/read': {
    params: ConfigRequirementsReadParams,
    result: ConfigRequirementsReadResponse,
    key: READS_CONFIG,
    paramsOptional: true,
    partial: 'Always none: nobody administers a home.',
  },
  'config/value/write': {
    params: ConfigValueWriteParams,
    result: ConfigWriteResponse,
    key: WRITES_CONFIG,
    struct: 'ConfigValueWriteParams',
  },
  'config/batchWrite': {
    params: ConfigBatchWriteParams,
    result: ConfigWriteResponse,
    key: WRITES_CONFIG,
    struct: 'ConfigBatchWriteParams',
  },
  'collaborationMode/list': { params: CollaborationModeListParams, result: CollaborationModeListResponse },
  'skills/list': { params: SkillsListParams, result: SkillsListResponse, key: READS_CONFIG },
  'skills/config/write': {
    params: SkillsConfigWriteParams,
    result: SkillsConfigWriteResponse,
    key: WRITES_CONFIG,
  },
  'skills/extraRoots/set': {
    params: SkillsExtraRootsSetParams,
    result: SkillsExtraRootsSetResponse,
    key: WRITES_CONFIG,
  },
  'hooks/list': {
    params: HooksListParams,
    result: HooksListResponse,
    key: READS_CONFIG,
    partial: 'Always empty: there are no hooks.',
  },
  'plugin/installed': {
    params: PluginInstalledParams,
    result: PluginInstalledResponse,
    partial: NO_PLUGINS,
  },
  'mcpServerStatus/list': {
    params: ListMcpServerStatusParams,
    result: ListMcpServerStatusResponse,
    struct: 'ListMcpServerStatusParams',
  },
  'config/mcpServer/reload': {
    params: McpServerRefreshParams,
    result: McpServerRefreshResponse,
    key: WRITES_CONFIG,
    paramsOptional: true,
    struct: 'McpServerRefreshParams',
  },
  'mcpServer/tool/call': { params: McpServerToolCallParams, result: McpServerToolCallResponse },
  'mcpServer/resource/read': {
    params: McpResourceReadParams,
    result: McpResourceReadResponse,
    struct: 'McpResourceReadParams',
  },
  'mcpServer/oauth/login': {
    params: McpServerOauthLoginParams,
    result: McpServerOauthLoginResponse,
    partial: 'Always an error: tokens come from the configuration.',
  },
  'experimentalFeature/list': {
    params: ExperimentalFeatureListParams,
    result: ExperimentalFeatureListResponse,
    key: READS_CONFIG,
  },
  'permissionProfile/list': {
    params: PermissionProfileListParams,
    result: PermissionProfileListResponse,
    key: READS_CONFIG,
  },
  'modelProvider/capabilities/read': {
    params: ModelProviderCapabilitiesReadParams,
    result: ModelProviderCapabilitiesReadResponse,
  },
  'modelProvider/list': { params: ModelProviderListParams, result: ModelProviderListResponse },
  'modelProvider/config/write': {
    params: ModelProviderConfigWriteParams,
    result: ModelProviderConfigWriteResponse,
    key: WRITES_CONFIG,
    partial: 'Providers with an address of their own; those of clouds are refused.',
  },
  'experimentalFeature/enablement/set': {
    params: ExperimentalFeatureEnablementSetParams,
    result: ExperimentalFeatureEnablementSetResponse,
    key: WRITES_CONFIG,
    partial: 'Switches nothing: features are switched in the configuration.',
  },
  'plugin/list': { params: PluginListParams, result: PluginListResponse, partial: NO_PLUGINS },
  'app/list': {
    params: AppsListParams,
    result: AppsListResponse,
    struct: 'AppsListParams',
    partial: NO_APPS,
  },
  'app/installed': {
    params: AppsInstalledParams,
    result: AppsInstalledResponse,
    struct: 'AppsInstalledParams',
    partial: NO_APPS,
  },
  'app/read': {
    params: AppsReadParams,
    result: AppsReadResponse,
    struct: 'AppsReadParams',
    partial: NO_APPS,
  },
  'windowsSandbox/readiness': {
    params: WindowsSandboxReadinessParams,
    result: WindowsSandboxReadinessResponse,
    paramsOptional: true,
    partial: 'Always `notConfigured`: Windows is not supported.',
  },
  'environment/info': {
    params: EnvironmentInfoParams,
    result: EnvironmentInfoResponse,
    experimental: true,
    partial: 'Only `local`, which is this machine.',
  },
  'environment/status': {
    params: EnvironmentStatusParams,
    result: EnvironmentStatusResponse,
    experimental: true,
    partial: 'Only `local`, which is this machine.',
  },
  'server/diagnostics': {
    params: ServerDiagnosticsParams,
    result: ServerDiagnosticsResponse,
    experimental: true,
    paramsOptional: true,
  },
  'mock/experimentalMethod': {
    params: MockExperimentalMethodParams,
    result: MockExperimentalMethodResponse,
    experimental: true,
  },
} as const satisfies Readonly<Record<string, ClientRequestRow>>;
