import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConversationChecker } from './conversation-checker.js';
import { isRecord } from './json-schema.js';
import type { ProtocolSchema } from './protocol-schema.js';

/** One line of a recorded session: what went from the client (`->`) or to it (`<-`), or a remark. */
interface TranscriptLine {
  readonly dir: string;
  readonly msg: unknown;
  /** Which client, where there were several. */
  readonly who?: string;
}

/** What was found in one transcript. */
export interface TranscriptVerdict {
  readonly name: string;
  readonly conversations: readonly ConversationChecker[];
}

/**
 * Judges every message of recorded sessions.
 *
 * @param directory Holds `<name>.jsonl`, or `<name>/transcript.jsonl`. Sessions of other protocols are left out.
 * @throws {Error} when there is no transcript.
 */
export function checkTranscripts(directory: string, schema: ProtocolSchema): readonly TranscriptVerdict[] {
  const verdicts = transcriptsIn(directory).flatMap(([name, file]) => {
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parseLine);
    return lines.some(isForeign) ? [] : [{ name, conversations: checkLines(lines, schema) }];
  });
  if (verdicts.length === 0) throw new Error(`${directory} holds no transcript`);
  return verdicts;
}

function transcriptsIn(directory: string): [name: string, file: string][] {
  return readdirSync(directory)
    .sort()
    .flatMap((entry): [string, string][] => {
      const path = join(directory, entry);
      if (entry.endsWith('.jsonl')) return [[entry.slice(0, -'.jsonl'.length), path]];
      const nested = join(path, 'transcript.jsonl');
      return existsSync(nested) ? [[entry, nested]] : [];
    });
}

function parseLine(text: string): TranscriptLine {
  return JSON.parse(text) as TranscriptLine;
}

/** The exec-server protocol shares the words of the handshake, but not its params. */
function isForeign({ dir, msg }: TranscriptLine): boolean {
  if (dir !== '->' || !isRecord(msg) || !isRecord(msg.params)) return false;
  return msg.method === 'initialize' && typeof msg.params.clientName === 'string';
}

function checkLines(
  lines: readonly TranscriptLine[],
  schema: ProtocolSchema,
): readonly ConversationChecker[] {
  const conversations = new Map<string, ConversationChecker>();
  for (const { dir, msg, who = '' } of lines) {
    const conversation = conversations.get(who) ?? new ConversationChecker(schema);
    conversations.set(who, conversation);
    if (dir === '->') for (const sent of messagesIn(msg)) conversation.sent(sent);
    if (dir === '<-') conversation.received(msg);
  }
  return [...conversations.values()];
}

/** The messages in what a client sent: one, or as many as stand in text that was sent as it is. */
function messagesIn(msg: unknown): readonly unknown[] {
  const raw = isRecord(msg) ? (msg.$raw ?? msg.$binary) : undefined;
  if (typeof raw !== 'string') return [msg];
  return raw.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
}
