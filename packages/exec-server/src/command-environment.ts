/** Names that promise a secret, in any case: removed wherever they stand in a name, so a `KEYBOARD` goes as well. */
const SECRET_NAME = /KEY|SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL/i;
/** An address with a password in it, such as that of a database. */
const SECRET_ADDRESS = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@]*:[^\s/@]+@/i;

/** For programs whose output is read by a model: no colours, no pager, one encoding. */
const FOR_COMMANDS = {
  TERM: 'dumb',
  NO_COLOR: '1',
  PAGER: 'cat',
  GIT_PAGER: 'cat',
} as const;

const LOCALE = 'C.UTF-8';

/**
 * The environment for the commands of an agent: that of this process, without what looks like a secret, with settings
 * for output that a program reads. `LANG` and `LC_ALL` stay as they are and are `C.UTF-8` where they are not set.
 *
 * This keeps secrets from being printed by accident. It is no boundary: a command can read the files that hold them.
 */
export function commandEnvironment(
  processEnv: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: [string, string][] = [];
  for (const [name, value] of Object.entries(processEnv)) {
    if (value === undefined || SECRET_NAME.test(name) || SECRET_ADDRESS.test(value)) continue;
    kept.push([name, value]);
  }
  return { LANG: LOCALE, LC_ALL: LOCALE, ...Object.fromEntries(kept), ...FOR_COMMANDS };
}
