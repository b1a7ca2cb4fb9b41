import { LIMITS } from '@millrace/protocol';

/** Keys that clients of the protocol know and that have no value unless somebody sets one. Those that Millrace reads are a few of them. */
const UNSET = `agents allow_symlinked_codex_home analytics approval_policy approvals_reviewer apps apps_mcp_product_sku audio
auto_review browser_use check_for_update_on_startup client_search_provider cloud compact_prompt computer_use daybreak
default_permissions desktop developer_instructions disable_paste_burst experimental_compact_prompt_file
experimental_realtime_start_instructions experimental_realtime_webrtc_call_base_url experimental_realtime_ws_backend_prompt
experimental_realtime_ws_base_url experimental_realtime_ws_model experimental_realtime_ws_startup_context experimental_thread_store
experimental_thread_store_endpoint experimental_use_unified_exec_tool feedback forced_chatgpt_workspace_id forced_login_method
ghost_snapshot goals hooks instructions js_repl_node_module_dirs js_repl_node_path log_dir mcp_enterprise_managed_auth
mcp_oauth_callback_port mcp_oauth_callback_url mcp_optional_startup_grace_ms memories model_auto_compact_token_limit
model_auto_compact_token_limit_scope model_catalog_json model_context_window model_instructions_file
model_post_turn_compact_threshold_percent model_reasoning_effort model_reasoning_summary model_verbosity notice notify
openai_base_url orchestrator oss_provider otel permissions personality plan_mode_reasoning_effort profile projects realtime
responses_api_metadata review_model sandbox_mode sandbox_workspace_write service_tier show_raw_agent_reasoning skills sqlite_home
suppress_unstable_features_warning thread_unload_delay_secs tool_output_token_limit tool_suggest tools tui web_search windows`;

/** Switches of features that clients look for. None of them is here. */
const FEATURES = `api_key_cyber_access_programs api_key_model_discovery auth_elicitation background_paginated_rollout_migration
codex_apps_mcp_2026_07_28 daybreak_program_propagation mcp_2026_07_28 mcp_connection_sharing mcp_lazy_stdio_startup memories
mentions_v2 remote_control remote_plugin tool_suggest windows_sandbox_service`;

/**
 * What `config/read` shows where nothing is set, so that clients find every key that they look for. Each value is what Millrace
 * does; null means that nothing is set or that nothing here makes use of it.
 */
export const CONFIG_DEFAULTS: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(UNSET.split(/\s+/).map((key) => [key, null])),
  allow_login_shell: true,
  background_terminal_max_timeout: LIMITS.maxPollYieldMs,
  /** Clients make links to pages of an account with it; nothing here asks it for anything. */
  chatgpt_base_url: 'https://chatgpt.com/backend-api/',
  cli_auth_credentials_store: 'file',
  features: Object.fromEntries(FEATURES.split(/\s+/).map((name) => [name, false])),
  file_opener: 'vscode',
  hide_agent_reasoning: false,
  history: { persistence: 'save-all', max_bytes: null },
  include_apps_instructions: false,
  include_collaboration_mode_instructions: true,
  include_environment_context: true,
  include_environment_context_time: true,
  include_permissions_instructions: true,
  marketplaces: {},
  mcp_oauth_credentials_store: 'auto',
  mcp_servers: {},
  plugins: {},
  profiles: {},
  project_doc_fallback_filenames: [],
  project_doc_max_bytes: LIMITS.projectInstructionsBytes,
  project_root_markers: ['.git'],
  shell_environment_policy: {
    inherit: null,
    ignore_default_excludes: null,
    exclude: null,
    set: null,
    include_only: null,
    filters: null,
    experimental_use_profile: null,
  },
};

/** The same for one model provider. */
export const PROVIDER_DEFAULTS: Readonly<Record<string, unknown>> = {
  name: null,
  base_url: null,
  model_catalog_url: null,
  env_key: null,
  env_key_instructions: null,
  experimental_bearer_token: null,
  auth: null,
  gateway_oauth: null,
  aws: null,
  project_id: null,
  location: null,
  credential_file: null,
  wire_api: 'responses',
  capabilities: null,
  query_params: null,
  http_headers: null,
  env_http_headers: null,
  request_max_retries: null,
  stream_max_retries: null,
  stream_idle_timeout_ms: null,
  websocket_connect_timeout_ms: null,
  requires_openai_auth: false,
  supports_websockets: false,
  supports_standalone_web_search: false,
};
