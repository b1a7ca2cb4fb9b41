/** Bytes that were read, or what is wrong with the text. */
export type DecodedBase64 =
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'invalid'; readonly reason: string };

/** Reads Base64 of the standard alphabet with its padding, strictly: every text stands for one sequence of bytes only. */
export function decodeBase64(text: string): DecodedBase64 {
  const digits = text.replace(/={0,2}$/, '');
  const wrong = digits.search(/[^A-Za-z0-9+/]/);
  if (wrong >= 0) {
    const symbol = Buffer.from(text.slice(wrong, wrong + 2))[0];
    return invalid(`Invalid symbol ${symbol}, offset ${Buffer.byteLength(text.slice(0, wrong))}.`);
  }
  if (digits.length % 4 === 1) return invalid(`Invalid input length: ${digits.length}`);
  if (text.length % 4 !== 0) return invalid('Invalid padding');
  const bytes = Buffer.from(digits, 'base64');
  if (encodeBase64(bytes) !== text) {
    const last = digits.length - 1;
    return invalid(`Invalid last symbol ${digits.charCodeAt(last)}, offset ${last}.`);
  }
  return { type: 'bytes', bytes };
}

/** Base64 of the standard alphabet, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function invalid(reason: string): DecodedBase64 {
  return { type: 'invalid', reason };
}
