/** Bytes of UTF-8 that are counted as one token: an estimate that needs no tokenizer. */
const BYTES_PER_TOKEN = 4;

/** About how many tokens a text is, from its length in UTF-8. */
export function approximateTokens(text: string): number {
  return tokensOfBytes(new TextEncoder().encode(text).length);
}

/** About how many tokens this many bytes of UTF-8 are. */
function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/**
 * The text as a model is given it: whole when it has at most about `maxTokens` tokens, else its start and its end in equal parts,
 * with the number of lines before and the number of tokens left out between. Cuts are never inside a character.
 */
export function truncateForModel(text: string, maxTokens: number): string {
  const maxBytes = maxTokens * BYTES_PER_TOKEN;
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= maxBytes) return text;
  const half = Math.floor(maxBytes / 2);
  const headEnd = boundaryBefore(bytes, half);
  const tailStart = boundaryAfter(bytes, bytes.length - (maxBytes - half));
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const head = decoder.decode(bytes.subarray(0, headEnd));
  const tail = decoder.decode(bytes.subarray(tailStart));
  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  const omitted = tokensOfBytes(tailStart - headEnd);
  return `Total output lines: ${lines}\n\n${head}…${omitted} tokens truncated…${tail}`;
}

export interface ExecResult {
  /** Names this piece of output; six hexadecimal digits or so. */
  readonly chunkId: string;
  readonly wallTimeSeconds: number;
  /** Null while the process runs. */
  readonly exitCode: number | null;
  /** What `write_stdin` names the process by; null once it ended. */
  readonly sessionId: number | null;
  /** Already truncated for the model. */
  readonly output: string;
  /** About how many tokens the output had before. */
  readonly originalTokenCount: number;
}

/** What the model is told of a command that ended or goes on. */
export function execResultText(result: ExecResult): string {
  const lines = [`Chunk ID: ${result.chunkId}`, `Wall time: ${result.wallTimeSeconds.toFixed(4)} seconds`];
  if (result.exitCode !== null) lines.push(`Process exited with code ${result.exitCode}`);
  if (result.sessionId !== null) lines.push(`Process running with session ID ${result.sessionId}`);
  lines.push(`Original token count: ${result.originalTokenCount}`, 'Output:', result.output);
  return lines.join('\n');
}

function boundaryBefore(bytes: Uint8Array, index: number): number {
  let boundary = index;
  while (boundary > 0 && isInsideCharacter(bytes[boundary])) boundary -= 1;
  return boundary;
}

function boundaryAfter(bytes: Uint8Array, index: number): number {
  let boundary = index;
  while (boundary < bytes.length && isInsideCharacter(bytes[boundary])) boundary += 1;
  return boundary;
}

const isInsideCharacter = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;
