/** A tool as it is offered to the model, or several of one namespace. */
export type ToolSpec = FunctionSpec | CustomSpec | NamespaceSpec | WebSearchSpec;

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

/** The search of the web that the provider carries out itself. */
export interface WebSearchSpec {
  readonly type: 'webSearch';
  readonly name: 'web_search';
  /** Whether it goes to pages as they are now, to an index of them, or to what the provider kept. */
  readonly access: 'cached' | 'indexed' | 'live';
  /** How much of what is found the model is given; null for what the provider thinks best. */
  readonly contextSize: 'low' | 'medium' | 'high' | null;
  /** Where it may look; null for everywhere. */
  readonly allowedDomains: readonly string[] | null;
  /** Whereabouts the user is. */
  readonly location: WebSearchLocation | null;
}

export interface WebSearchLocation {
  /** Two letters (ISO 3166-1). */
  readonly country: string | null;
  readonly region: string | null;
  readonly city: string | null;
  /** In the names of the IANA. */
  readonly timezone: string | null;
}
