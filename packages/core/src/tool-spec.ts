/** A tool as it is offered to the model, or several of one namespace. */
export type ToolSpec = FunctionSpec | CustomSpec | NamespaceSpec;

/** A tool whose arguments are JSON. */
export interface FunctionSpec {
  readonly type: 'function';
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly parameters: unknown;
}

/** A tool whose input is free text. */
export interface CustomSpec {
  readonly type: 'custom';
  readonly name: string;
  readonly description: string;
  /** A Lark grammar of the input, for providers that constrain the model by it. */
  readonly grammar: string | null;
}

/** Tools that belong together; the model calls them by namespace and name. */
export interface NamespaceSpec {
  readonly type: 'namespace';
  readonly name: string;
  readonly description: string;
  readonly tools: readonly FunctionSpec[];
}
