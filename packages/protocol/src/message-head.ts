import { isRequestId, type RequestId } from './message.js';

/** A member of the object: its name and, as far as the text goes, its value where that is a number, a text or a word. */
const MEMBER = /\s*"((?:[^"\\]|\\.)*)"\s*:\s*(?:("(?:[^"\\]|\\.)*"|[-+.\w]+)(?=\s*[,}])|([[{]))?/y;
/** A text in the middle of a value, or a bracket. */
const VALUE_PART = /"(?:[^"\\]|\\.)*"|[[\]{}]|[^"[\]{}]+/y;

/**
 * The id of a request of which only the beginning is there, so that even a request that is too long to be read is answered.
 * Undefined where the beginning shows no id, or does not show that it is a request: then there is nothing to answer.
 */
export function requestIdOfHead(head: string): RequestId | undefined {
  const start = /^\s*\{/.exec(head)?.[0].length;
  let id: unknown;
  let isRequest = false;
  for (let at = start; at !== undefined; ) {
    const member = memberAt(head, at);
    if (member === undefined) break;
    if (member.name === 'id') id = member.value;
    if (member.name === 'method' || member.name === 'params') isRequest = true;
    at = member.next;
  }
  return isRequest && isRequestId(id) ? id : undefined;
}

interface Member {
  readonly name: unknown;
  /** Undefined where it is an object or a list, or is cut off. */
  readonly value: unknown;
  /** Where the next member begins; undefined at the end of the object or of the text. */
  readonly next: number | undefined;
}

function memberAt(text: string, at: number): Member | undefined {
  MEMBER.lastIndex = at;
  const found = MEMBER.exec(text);
  if (found === null) return undefined;
  const [, name, scalar, bracket] = found;
  const end = bracket === undefined ? MEMBER.lastIndex : endOfValue(text, MEMBER.lastIndex);
  const comma = end === undefined ? undefined : /^\s*,/.exec(text.slice(end))?.[0].length;
  const next = end === undefined || comma === undefined ? undefined : end + comma;
  return { name: parse(`"${name}"`), value: scalar === undefined ? undefined : parse(scalar), next };
}

/** The place behind the bracket that closes the one before `at`. */
function endOfValue(text: string, at: number): number | undefined {
  VALUE_PART.lastIndex = at;
  for (let depth = 1; depth > 0; ) {
    const part = VALUE_PART.exec(text)?.[0];
    if (part === undefined) return undefined;
    if (part === '{' || part === '[') depth += 1;
    else if (part === '}' || part === ']') depth -= 1;
  }
  return VALUE_PART.lastIndex;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
