/** Where in a configuration file something is wrong. */
export interface ConfigPosition {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

/** A configuration that cannot be used. The message names the file or the key and is meant for people. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** The dotted key whose value is wrong; undefined when the file as a whole cannot be read. */
  readonly key: string | undefined;
  /** Where the syntax is broken; undefined when the syntax is right. */
  readonly position: ConfigPosition | undefined;

  constructor(
    message: string,
    options: { readonly key?: string; readonly position?: ConfigPosition; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.key = options.key;
    this.position = options.position;
  }
}
