import type { AnsweredCall } from './scripted-progress.js';

/** What became of one call. */
type CallEnd =
  | { readonly type: 'ok' }
  | { readonly type: 'exited'; readonly exitCode: number }
  | { readonly type: 'declined' }
  | { readonly type: 'failed' };

interface CallWords {
  /** After "ran", "changed" and the like. */
  readonly done: (count: number) => string;
  /** Before "declined" and "failed". */
  readonly noun: string;
}

const CALL_WORDS: Readonly<Record<string, CallWords>> = {
  exec_command: { done: (count) => `ran ${counted(count, 'command')}`, noun: 'command' },
  apply_patch: { done: (count) => `changed ${counted(count, 'file')}`, noun: 'change' },
  update_plan: { done: () => 'updated the plan', noun: 'plan update' },
  request_user_input: { done: (count) => `asked ${counted(count, 'question')}`, noun: 'question' },
};
const OTHER_CALL: CallWords = { done: (count) => `made ${counted(count, 'other call')}`, noun: 'other call' };

/**
 * Says in one line what was done, from what the tools answered: `Done: ran 2 commands, changed 1 file.`
 *
 * What went wrong is named: `Done, but not all of it worked: ran 1 command (exit code 3), 1 change declined.`
 */
export function summarize(answered: readonly AnsweredCall[]): string {
  if (answered.length === 0) return 'Done.';
  const names = [...new Set(answered.map((call) => (Object.hasOwn(CALL_WORDS, call.name) ? call.name : '')))];
  const phrases = names.flatMap((name) => {
    const ends = answered
      .filter((call) => call.name === name || (name === '' && !Object.hasOwn(CALL_WORDS, call.name)))
      .map(endOf);
    return phrasesOf(CALL_WORDS[name] ?? OTHER_CALL, ends);
  });
  const isFlawless = answered.every((call) => endOf(call).type === 'ok');
  return `${isFlawless ? 'Done' : 'Done, but not all of it worked'}: ${phrases.join(', ')}.`;
}

function phrasesOf(words: CallWords, ends: readonly CallEnd[]): readonly string[] {
  const count = (type: CallEnd['type']): number => ends.filter((end) => end.type === type).length;
  const exitCodes = ends.flatMap((end) => (end.type === 'exited' ? [end.exitCode] : []));
  const done = count('ok') + exitCodes.length;
  const phrases: string[] = [];
  if (done > 0) phrases.push(words.done(done) + exitNote(exitCodes));
  if (count('declined') > 0) phrases.push(`${counted(count('declined'), words.noun)} declined`);
  if (count('failed') > 0) phrases.push(`${counted(count('failed'), words.noun)} failed`);
  return phrases;
}

function exitNote(exitCodes: readonly number[]): string {
  if (exitCodes.length === 0) return '';
  return ` (exit ${exitCodes.length === 1 ? 'code' : 'codes'} ${exitCodes.join(', ')})`;
}

/** Reads the head of a tool's answer only: what stands below `Output:` is the command's own and may say anything. */
function endOf(call: AnsweredCall): CallEnd {
  const head = call.output.split(/^Output:$/m, 1)[0] ?? '';
  if (head.includes('rejected by user')) return { type: 'declined' };
  const code = /^(?:Process exited with code|Exit code:) (-?\d+)$/m.exec(head)?.[1];
  if (call.name === 'exec_command') {
    if (code !== undefined) return code === '0' ? { type: 'ok' } : { type: 'exited', exitCode: Number(code) };
    return { type: head.includes('Process running with session ID') ? 'ok' : 'failed' };
  }
  if (call.name === 'apply_patch')
    return { type: code === '0' || head.startsWith('Success.') ? 'ok' : 'failed' };
  return { type: /^(?:unsupported call|failed to |request_user_input )/.test(head) ? 'failed' : 'ok' };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
