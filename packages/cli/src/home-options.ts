import { Option } from '@commander-js/extra-typings';
import { addConfigOverride } from './config-override.js';

/** `--home`: where everything is kept. */
export function homeOption() {
  return new Option('--home <dir>', 'the home directory (default: $MILLRACE_HOME, else ~/.millrace)');
}

/** `--config`: keys of `config.toml` for this run. */
export function configOption() {
  return new Option(
    '-c, --config <key=value>',
    'a key of config.toml and its value; can be given several times',
  ).argParser(addConfigOverride);
}
