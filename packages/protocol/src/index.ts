export {
  AccountRateLimitsUpdatedNotification,
  CreditsSnapshot,
  GetAccountParams,
  GetAccountRateLimitsParams,
  GetAccountRateLimitsResponse,
  GetAccountResponse,
  GetAuthStatusParams,
  GetAuthStatusResponse,
  RateLimitSnapshot,
  RateLimitWindow,
  SpendControlLimitSnapshot,
} from './account.js';
export {
  AccountSessionListResponse,
  CheckGovCloudRequirementsResponse,
  GatewayOAuthReadParams,
  GatewayOAuthReadResponse,
  GetAccountSecuritySetupResponse,
  GetAccountTokenUsageParams,
  NoAccountParams,
} from './account-facts.js';
export {
  AccountLoginCompletedNotification,
  AccountUpdatedNotification,
  CancelLoginAccountParams,
  CancelLoginAccountResponse,
  LoginAccountParams,
  LoginAccountResponse,
  LogoutAccountParams,
  LogoutAccountResponse,
} from './account-login.js';
export { AgentMessageItem, MessagePhase, newAgentMessage } from './agent-message.js';
export { ALL_METHODS, isKnownMethod, type KnownMethod } from './all-methods.js';
export {
  CommandExecutionApprovalDecision,
  CommandExecutionRequestApprovalParams,
  CommandExecutionRequestApprovalResponse,
  FileChangeApprovalDecision,
  FileChangeRequestApprovalParams,
  FileChangeRequestApprovalResponse,
  NetworkPolicyAmendment,
  ServerRequestResolvedNotification,
} from './approval.js';
export {
  BackgroundTerminal,
  BackgroundTerminalsCleanParams,
  BackgroundTerminalsCleanResponse,
  BackgroundTerminalsListParams,
  BackgroundTerminalsListResponse,
} from './background-terminals.js';
export {
  CollaborationModeListParams,
  CollaborationModeListResponse,
  CollaborationModeMask,
  ExperimentalFeature,
  ExperimentalFeatureListParams,
  ExperimentalFeatureListResponse,
  HooksListParams,
  HooksListResponse,
  ModelProviderCapabilitiesReadParams,
  ModelProviderCapabilitiesReadResponse,
  PermissionProfileListParams,
  PermissionProfileListResponse,
  PermissionProfileSummary,
  PluginInstalledParams,
  PluginInstalledResponse,
} from './catalogues.js';
export {
  CLIENT_NOTIFICATIONS,
  type ClientNotification,
  type ClientNotificationMethod,
} from './client-notifications.js';
export type { ClientRequestRow } from './client-request-row.js';
export {
  CLIENT_REQUESTS,
  type ClientRequest,
  type ClientRequestMethod,
  isClientRequestMethod,
  type ParsedParams,
  type RequestParams,
  type RequestResult,
} from './client-requests.js';
export {
  CommandExecOutputDeltaNotification,
  CommandExecParams,
  CommandExecResizeParams,
  CommandExecResizeResponse,
  CommandExecResponse,
  CommandExecTerminateParams,
  CommandExecTerminateResponse,
  CommandExecWriteParams,
  CommandExecWriteResponse,
  type GivenCommandExecParams,
  type GivenCommandExecWriteParams,
} from './command-exec.js';
export {
  CommandAction,
  CommandExecutionItem,
  CommandExecutionSource,
  CommandExecutionStatus,
  newCommandExecution,
} from './command-execution.js';
export { ContextCompactionItem, newContextCompaction } from './compaction.js';
export {
  Config,
  ConfigLayer,
  ConfigLayerMetadata,
  ConfigLayerSource,
  ConfigReadParams,
  ConfigReadResponse,
  ConfigRequirementsReadParams,
  ConfigRequirementsReadResponse,
  ConfigWarningNotification,
} from './config.js';
export {
  ConfigBatchWriteParams,
  ConfigEdit,
  ConfigValueWriteParams,
  type ConfigWriteErrorData,
  ConfigWriteResponse,
  MergeStrategy,
  OverriddenMetadata,
} from './config-write.js';
export { DynamicToolCallParams, DynamicToolCallResponse, DynamicToolSpec } from './dynamic-tool.js';
export {
  EnvironmentInfoParams,
  EnvironmentInfoResponse,
  EnvironmentStatusParams,
  EnvironmentStatusResponse,
} from './environment.js';
export { EXPERIMENTAL_METHODS } from './experimental-methods.js';
export { describeExperimentalUse } from './experimental-use.js';
export {
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
export {
  FileChangeItem,
  FileUpdateChange,
  newFileChange,
  PatchApplyStatus,
  PatchChangeKind,
} from './file-change.js';
export {
  FsChangedNotification,
  FsCopyParams,
  FsCopyResponse,
  FsCreateDirectoryParams,
  FsCreateDirectoryResponse,
  FsGetMetadataParams,
  FsGetMetadataResponse,
  FsReadDirectoryEntry,
  FsReadDirectoryParams,
  FsReadDirectoryResponse,
  FsReadFileParams,
  FsReadFileResponse,
  FsRemoveParams,
  FsRemoveResponse,
  FsUnwatchParams,
  FsUnwatchResponse,
  FsWatchParams,
  FsWatchResponse,
  FsWriteFileParams,
  FsWriteFileResponse,
  type GivenFsCopyParams,
  type GivenFsCreateDirectoryParams,
  type GivenFsRemoveParams,
} from './fs-requests.js';
export {
  FuzzyFileSearchParams,
  FuzzyFileSearchResponse,
  FuzzyFileSearchResult,
  FuzzyFileSearchSessionCompletedNotification,
  FuzzyFileSearchSessionResponse,
  FuzzyFileSearchSessionStartParams,
  FuzzyFileSearchSessionStopParams,
  FuzzyFileSearchSessionUpdatedNotification,
  FuzzyFileSearchSessionUpdateParams,
} from './fuzzy-file-search.js';
export { GitDiffToRemoteParams, GitDiffToRemoteResponse } from './git-diff.js';
export {
  ClientCapabilities,
  ClientInfo,
  InitializeParams,
  InitializeResponse,
  isClientName,
  PROTOCOL_RELEASE,
} from './initialize.js';
export { readInjectedItem } from './injected-item.js';
export { type GivenUserInput, TextElement, UserInput } from './input.js';
export { describeInvalidParams, describeMissingParams, describeUnknownMethod } from './invalid-params.js';
export {
  ImageViewItem,
  newImageView,
  newPlan,
  PlanItem,
  ThreadItem,
  type ThreadItemType,
} from './item.js';
export {
  FileChangePatchUpdatedNotification,
  ItemCompletedNotification,
  ItemDeltaNotification,
  ItemStartedNotification,
  ReasoningSummaryPartAddedNotification,
  ReasoningSummaryTextDeltaNotification,
  ReasoningTextDeltaNotification,
  TerminalInteractionNotification,
} from './item-notifications.js';
export type { ItemStart } from './item-times.js';
export { LAGGED_METHOD, LaggedMarker, RESYNCED_METHOD, ResyncedMarker } from './lag.js';
export {
  isLegacyMethod,
  LEGACY_EVENTS,
  LEGACY_PREFIX,
  type LegacyEvent,
  type LegacyEventType,
  type LegacyMessage,
  legacyDelivery,
  newLegacyEvent,
} from './legacy-event.js';
export { LIMITS } from './limits.js';
export {
  McpServerElicitationRequestParams,
  McpServerElicitationRequestResponse,
} from './mcp-elicitation.js';
export {
  ListMcpServerStatusResponse,
  McpResource,
  McpResourceReadResponse,
  McpResourceTemplate,
  McpServerConnectionStatus,
  McpServerInfo,
  McpServerStatus,
  McpServerStatusDetail,
  McpServerToolCallResponse,
  McpTool,
} from './mcp-server.js';
export {
  type ErrorMessage,
  isRequestId,
  type Message,
  type NotificationMessage,
  type ReadMessage,
  type RequestId,
  type RequestMessage,
  type ResultMessage,
  readMessage,
} from './message.js';
export { requestIdOfHead } from './message-head.js';
export { Model, ModelListParams, ModelListResponse, newModel } from './model.js';
export {
  CustomGatewayPatch,
  GatewayAuth,
  ModelProviderConfigWriteParams,
  ModelProviderConfigWriteResponse,
  type ModelProviderErrorData,
  ModelProviderListParams,
  ModelProviderListResponse,
  ModelProviderSummary,
} from './model-provider.js';
export { type ParseResult, parseParams } from './parse-params.js';
export type { ClientMessage, ServerMessage } from './peer-messages.js';
export {
  PermissionProfile,
  PermissionsRequestApprovalParams,
  PermissionsRequestApprovalResponse,
} from './permission-request.js';
export {
  ActivePermissionProfile,
  ApprovalPolicy,
  ApprovalsReviewer,
  type GivenApprovalPolicy,
  Personality,
  ReasoningEffort,
  ReasoningSummary,
} from './policy.js';
export {
  type GivenProcessSpawnParams,
  type GivenProcessWriteStdinParams,
  ProcessKillParams,
  ProcessKillResponse,
  ProcessOutputDeltaNotification,
  ProcessResizePtyParams,
  ProcessResizePtyResponse,
  ProcessSpawnParams,
  ProcessSpawnResponse,
  ProcessWriteStdinParams,
  ProcessWriteStdinResponse,
} from './process-requests.js';
export { newReasoning, ReasoningItem } from './reasoning.js';
export { ReviewStartParams, ReviewStartResponse, ReviewTarget } from './review.js';
export {
  EnteredReviewModeItem,
  ExitedReviewModeItem,
  newEnteredReviewMode,
  newExitedReviewMode,
} from './review-mode.js';
export { type OverloadedData, RPC_ERROR_CODES, type RpcErrorName, type RpcErrorObject } from './rpc-error.js';
export { type GivenSandboxPolicy, SandboxMode, SandboxPolicy } from './sandbox.js';
export { type SerializationKey, threadQueue, type WorkQueue, workQueueOf } from './serialization-key.js';
export { ServerDiagnosticsParams, ServerDiagnosticsResponse } from './server-diagnostics.js';
export {
  DeprecationNoticeNotification,
  ProcessExitedNotification,
  RemoteControlStatusChangedNotification,
  WarningNotification,
} from './server-notices.js';
export {
  type DeliveryClass,
  isNotificationMethod,
  type MergeRule,
  type NotificationMethod,
  type NotificationParams,
  type NotificationScope,
  SERVER_NOTIFICATIONS,
  type ServerNotification,
  type ServerNotificationRow,
} from './server-notifications.js';
export {
  isServerRequestMethod,
  SERVER_REQUESTS,
  type ServerRequest,
  type ServerRequestMethod,
  type ServerRequestParams,
  type ServerRequestResponse,
  type ServerRequestRow,
} from './server-requests.js';
export {
  CollaborationMode,
  ThreadEnvironment,
  ThreadSettings,
  ThreadSettingsUpdatedNotification,
} from './settings.js';
export { ThreadShellCommandParams, ThreadShellCommandResponse } from './shell-command.js';
export {
  SkillErrorInfo,
  SkillMetadata,
  SkillsChangedNotification,
  SkillsConfigWriteParams,
  SkillsConfigWriteResponse,
  SkillsExtraRootsSetParams,
  SkillsExtraRootsSetResponse,
  SkillsListParams,
  SkillsListResponse,
} from './skills.js';
export { ThreadActiveFlag, ThreadStatus } from './status.js';
export { TerminalSize } from './terminal-size.js';
export {
  GitInfo,
  type NewThreadFields,
  newThread,
  SessionSource,
  Thread,
  ThreadClosedNotification,
  ThreadReadState,
  ThreadReadStateChangedNotification,
  ThreadStartedNotification,
  ThreadStatusChangedNotification,
  ThreadTokenUsageUpdatedNotification,
} from './thread.js';
export { ThreadGoal, ThreadGoalStatus } from './thread-goal.js';
export { ThreadListParams, ThreadListResponse, ThreadSortKey, ThreadSourceKind } from './thread-list.js';
export {
  ThreadArchivedNotification,
  ThreadArchiveParams,
  ThreadArchiveResponse,
  ThreadGoalClearedNotification,
  ThreadNameUpdatedNotification,
  ThreadSetNameParams,
  ThreadUnarchiveResponse,
} from './thread-management.js';
export {
  GetConversationSummaryParams,
  GetConversationSummaryResponse,
  ThreadMetadataUpdateParams,
  ThreadMetadataUpdateResponse,
} from './thread-metadata.js';
export {
  SortDirection,
  ThreadItemEntry,
  ThreadItemsListParams,
  ThreadItemsListResponse,
  ThreadTurnsListParams,
  ThreadTurnsListResponse,
} from './thread-pages.js';
export { QueuedSubmission } from './thread-queue.js';
export {
  type GivenThreadForkParams,
  type GivenThreadResumeParams,
  type GivenThreadStartParams,
  ThreadForkParams,
  ThreadLoadedListParams,
  ThreadLoadedListResponse,
  ThreadReadParams,
  ThreadReadResponse,
  ThreadResumeParams,
  ThreadResumeResponse,
  ThreadStartParams,
  ThreadStartResponse,
  ThreadUnsubscribeParams,
  ThreadUnsubscribeResponse,
  TurnsPage,
} from './thread-requests.js';
export {
  ThreadSearchOccurrence,
  ThreadSearchOccurrencesParams,
  ThreadSearchOccurrencesResponse,
  ThreadSearchParams,
  ThreadSearchResponse,
} from './thread-search.js';
export { ThreadSection } from './thread-section.js';
export { ThreadTokenUsage, TokenUsageBreakdown } from './token-usage.js';
export {
  DynamicToolCallItem,
  DynamicToolCallOutputContentItem,
  McpToolCallItem,
  newDynamicToolCall,
  newMcpToolCall,
  ToolCallStatus,
} from './tool-call.js';
export {
  ErrorNotification,
  type GivenTurnStartParams,
  type GivenTurnSteerParams,
  newTurn,
  Turn,
  TurnDiffUpdatedNotification,
  TurnInterruptParams,
  TurnInterruptResponse,
  TurnItemsView,
  TurnNotification,
  TurnPlanStep,
  TurnPlanUpdatedNotification,
  TurnStartParams,
  TurnStartResponse,
  TurnStatus,
  TurnSteerParams,
  TurnSteerResponse,
} from './turn.js';
export {
  CodexErrorInfo,
  MisalignmentErrorDetails,
  type NonSteerableTurnKind,
  newTurnError,
  TurnError,
} from './turn-error.js';
export {
  ToolRequestUserInputParams,
  ToolRequestUserInputResponse,
  UserInputQuestion,
} from './user-input-request.js';
export { newUserMessage, UserMessageItem } from './user-message.js';
export { newWebSearch, WebSearchAction, WebSearchItem } from './web-search.js';
