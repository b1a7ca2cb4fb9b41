import { parseShellScript } from './shell-script.js';

/** A patch that a model handed to the shell instead of the tool made for it. */
export interface HeredocPatch {
  /** The text between the delimiters, as it was written. */
  readonly patch: string;
  /** The directory it changes to first; relative to where the command would run unless it is absolute. */
  readonly workdir?: string;
}

const OPENING = /^\s*(?:(cd [^\n]*?)\s*&&\s*)?apply_?patch\s*<<-?\s*(["']?)([A-Za-z_]\w*)\2[ \t]*\r?\n/;

/**
 * Recognises a script that is nothing but `apply_patch` with a heredoc, perhaps after `cd DIRECTORY &&`.
 *
 * Undefined for every other script, which then is a command like any other. A delimiter without quotes counts too, although a
 * shell would expand the text: a model that writes a patch means it word for word.
 */
export function heredocPatch(script: string): HeredocPatch | undefined {
  const opening = OPENING.exec(script);
  const delimiter = opening?.[3];
  if (opening === null || delimiter === undefined) return undefined;
  const body = script.slice(opening[0].length).trimEnd();
  const lastLine = body.slice(body.lastIndexOf('\n') + 1);
  if (!isDelimiter(lastLine, delimiter)) return undefined;
  const patch = body.slice(0, body.length - lastLine.length);
  if (patch.split('\n').some((line) => isDelimiter(line, delimiter))) return undefined; // It ends earlier; commands follow.
  if (opening[1] === undefined) return { patch };
  const workdir = changedDirectory(opening[1]);
  return workdir === undefined ? undefined : { patch, workdir };
}

/** Tabs may stand before it after `<<-`; no line of a patch starts with one, so they are allowed after `<<` too. */
function isDelimiter(line: string, delimiter: string): boolean {
  return line.replace(/^\t+/, '').replace(/\r$/, '') === delimiter;
}

function changedDirectory(command: string): string | undefined {
  const commands = parseShellScript(command);
  const [, workdir, ...more] = commands?.[0]?.words ?? [];
  if (commands?.length !== 1 || workdir === undefined || more.length > 0 || /^[-~]/.test(workdir))
    return undefined;
  return workdir;
}
