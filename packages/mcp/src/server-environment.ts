/** Variables that programs need to run at all, to find their files, and to trust the certificates of this machine. */
const INHERITED: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
  'TMPDIR',
  'TZ',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'CURL_CA_BUNDLE',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
  'PIP_CERT',
  'REQUESTS_CA_BUNDLE',
  'SSL_CERT_DIR',
  'SSL_CERT_FILE',
];

/**
 * The environment of a server that is a program of this machine: a few variables of this process, those that the configuration
 * names, and those that it sets. Nothing else, since the server is somebody else's program.
 */
export function serverEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  { envNames, env }: { readonly envNames: readonly string[]; readonly env: ReadonlyMap<string, string> },
): Record<string, string> {
  const inherited = [...INHERITED, ...envNames].flatMap((name): [string, string][] => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries([...inherited, ...env]);
}
