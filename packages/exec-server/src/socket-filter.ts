/** What a filter needs to know of a processor: constants of the Linux kernel. */
interface Processor {
  /** `AUDIT_ARCH_*`: which of the call tables of the processor a call uses. */
  readonly audit: number;
  readonly socket: number;
}

const PROCESSORS: Readonly<Partial<Record<NodeJS.Architecture, Processor>>> = {
  x64: { audit: 0xc000_003e, socket: 41 },
  arm64: { audit: 0xc000_00b7, socket: 198 },
};

/** The same on every processor. With io_uring a socket can be made without the call that is filtered. */
const IO_URING_SETUP = 425;
/** Calls of the x32 table have this bit; it shares the audit value with x64. */
const X32_CALLS = 0x4000_0000;

/** Socket families that a network namespace confines: IPv4, IPv6, and netlink, by which programs list their interfaces. */
const CONFINED_FAMILIES: readonly number[] = [2, 10, 16];

/** Where `struct seccomp_data` has its parts, in bytes. The low half of the first argument, on machines with small ends first. */
const AT = { call: 0, audit: 4, firstArgument: 16 } as const;
/** Instructions of the classic packet filter: load a word; jump if equal; jump if at least; return. */
const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
/** The call fails with `EPERM`. */
const REFUSE = 0x0005_0001;
const INSTRUCTION_BYTES = 8;

/** Where a jump goes: to the next instruction, or to one of the two returns at the end. */
type Target = 'next' | 'refuse' | 'allow';
type Instruction = readonly [code: number, value: number, whenTrue?: Target, whenFalse?: Target];

/**
 * A seccomp program that lets a process make only such sockets as a network namespace confines.
 *
 * Unix sockets with a path, vsock and the rest are refused with `EPERM`; pairs of connected sockets are no matter. Calls of
 * another call table of the same processor are refused as a whole, since their numbers mean something else.
 *
 * @returns undefined for a processor whose numbers are not known here.
 */
export function socketFilter(architecture: NodeJS.Architecture): Uint8Array | undefined {
  const processor = PROCESSORS[architecture];
  if (processor === undefined) return undefined;
  return encode([
    [LOAD, AT.audit],
    [IF_EQUAL, processor.audit, 'next', 'refuse'],
    [LOAD, AT.call],
    [IF_AT_LEAST, X32_CALLS, 'refuse', 'next'],
    [IF_EQUAL, IO_URING_SETUP, 'refuse', 'next'],
    [IF_EQUAL, processor.socket, 'next', 'allow'],
    [LOAD, AT.firstArgument],
    ...CONFINED_FAMILIES.map((family): Instruction => [IF_EQUAL, family, 'allow', 'next']),
  ]);
}

/** The program as the kernel reads it, ended by the two returns. */
function encode(body: readonly Instruction[]): Uint8Array {
  const program: readonly Instruction[] = [...body, [RETURN, REFUSE], [RETURN, ALLOW]];
  const ends = { refuse: body.length, allow: body.length + 1 };
  const bytes = new DataView(new ArrayBuffer(program.length * INSTRUCTION_BYTES));
  for (const [index, [code, value, whenTrue = 'next', whenFalse = 'next']] of program.entries()) {
    const skipped = (target: Target): number => (target === 'next' ? 0 : ends[target] - index - 1);
    const offset = index * INSTRUCTION_BYTES;
    bytes.setUint16(offset, code, true);
    bytes.setUint8(offset + 2, skipped(whenTrue));
    bytes.setUint8(offset + 3, skipped(whenFalse));
    bytes.setUint32(offset + 4, value, true);
  }
  return new Uint8Array(bytes.buffer);
}
