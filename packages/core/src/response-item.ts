/**
 * What a model is given and gives back, in the form of the OpenAI Responses API.
 *
 * These are the entries of a thread's model history. Fields that Millrace does not use are kept as they came, because a
 * provider may want them back (`encrypted_content`, for one).
 */
export type ResponseItem =
  | MessageItem
  | ReasoningItem
  | FunctionCallItem
  | FunctionCallOutputItem
  | CustomToolCallItem
  | CustomToolCallOutputItem
  | OtherItem;

export interface MessageItem {
  readonly type: 'message';
  readonly role: 'user' | 'assistant' | 'developer' | 'system';
  readonly id?: string;
  readonly content: readonly MessageContent[];
  /** `commentary` or `final_answer` where the model tells them apart. */
  readonly phase?: string | null;
}

export type MessageContent =
  | { readonly type: 'input_text'; readonly text: string }
  | { readonly type: 'input_image'; readonly image_url: string; readonly detail?: string }
  | { readonly type: 'output_text'; readonly text: string };

export interface ReasoningItem {
  readonly type: 'reasoning';
  readonly id?: string;
  readonly summary: readonly { readonly type: 'summary_text'; readonly text: string }[];
  readonly content?: readonly { readonly type: 'reasoning_text' | 'text'; readonly text: string }[] | null;
  readonly encrypted_content?: string | null;
}

/** A call of a tool whose arguments are JSON text. */
export interface FunctionCallItem {
  readonly type: 'function_call';
  readonly id?: string;
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string;
  readonly arguments: string;
}

export interface FunctionCallOutputItem {
  readonly type: 'function_call_output';
  readonly id?: string;
  readonly call_id: string;
  readonly output: string | readonly MessageContent[];
}

/** A call of a tool whose input is free text, such as `apply_patch`. */
export interface CustomToolCallItem {
  readonly type: 'custom_tool_call';
  readonly id?: string;
  readonly call_id: string;
  readonly name: string;
  readonly input: string;
}

export interface CustomToolCallOutputItem {
  readonly type: 'custom_tool_call_output';
  readonly id?: string;
  readonly call_id: string;
  readonly output: string | readonly MessageContent[];
}

/** An item of a kind that Millrace passes through without looking inside. */
export interface OtherItem {
  readonly type: 'web_search_call' | 'image_generation_call' | 'tool_search_call' | 'compaction' | 'unknown';
  readonly id?: string;
  readonly [field: string]: unknown;
}
