import { type ListenAddress, parseListenAddress } from '@millrace/transport';

/** Reads what `--listen` was given; a text says what is wrong with it. */
export function readListenOption(urls: readonly string[]): readonly ListenAddress[] | string {
  const addresses: ListenAddress[] = [];
  for (const url of urls) {
    const address = parseListenAddress(url);
    if (address === undefined)
      return `'${url}' is nothing to listen on. Expected stdio://, ws://IP:PORT, unix://PATH or off.`;
    addresses.push(address);
  }
  const isTwice = addresses.filter(({ type }) => type === 'stdio').length > 1;
  if (isTwice) return 'stdio:// can be given once.';
  if (addresses.length > 1 && addresses.some(({ type }) => type === 'off'))
    return 'off stands for no address at all, so it cannot be given with another.';
  return addresses;
}
