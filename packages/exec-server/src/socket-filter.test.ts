import { describe, expect, it } from 'vitest';
import { socketFilter } from './socket-filter.js';

const X64 = 0xc000_003e;
const ARM64 = 0xc000_00b7;
const I386 = 0x4000_0003;
const IO_URING_SETUP = 425;

interface Call {
  readonly audit: number;
  readonly call: number;
  readonly firstArgument?: number;
}

/** Runs the program on a call as the kernel does: its return value decides. */
function judge(filter: Uint8Array, { audit, call, firstArgument = 0 }: Call): 'allowed' | 'refused' {
  const data = new Map([
    [0, call],
    [4, audit],
    [16, firstArgument],
  ]);
  const program = new DataView(filter.buffer);
  let accumulator = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const value = program.getUint32(at + 4, true);
    const jump = (holds: boolean): number => 8 * program.getUint8(at + (holds ? 2 : 3));
    const code = program.getUint16(at, true);
    if (code === 0x06) return value === 0x7fff_0000 ? 'allowed' : 'refused';
    if (code === 0x20) accumulator = data.get(value) ?? Number.NaN;
    else if (code === 0x15) at += jump(accumulator === value);
    else if (code === 0x35) at += jump(accumulator >= value);
    else throw new Error(`there is no instruction ${code}`);
  }
  throw new Error('the program has no end');
}

describe.each([
  { architecture: 'x64', audit: X64, socket: 41 },
  { architecture: 'arm64', audit: ARM64, socket: 198 },
] as const)('the socket filter of $architecture', ({ architecture, audit, socket }) => {
  const filter = socketFilter(architecture) ?? new Uint8Array();

  it.each([
    { family: 'unix', number: 1, verdict: 'refused' },
    { family: 'IPv4', number: 2, verdict: 'allowed' },
    { family: 'IPv6', number: 10, verdict: 'allowed' },
    { family: 'netlink', number: 16, verdict: 'allowed' },
    { family: 'packet', number: 17, verdict: 'refused' },
    { family: 'vsock', number: 40, verdict: 'refused' },
  ])('has sockets of the family $family $verdict', ({ number, verdict }) => {
    expect(judge(filter, { audit, call: socket, firstArgument: number })).toBe(verdict);
  });

  it('lets every other call pass but the one that goes round it', () => {
    for (let call = 0; call < 600; call += 1) {
      if (call === socket) continue;
      const verdict = call === IO_URING_SETUP ? 'refused' : 'allowed';
      expect(judge(filter, { audit, call, firstArgument: 1 }), `call ${call}`).toBe(verdict);
    }
  });

  it('refuses calls of other tables, in which the numbers mean something else', () => {
    expect(judge(filter, { audit: I386, call: 359, firstArgument: 1 })).toBe('refused');
    expect(judge(filter, { audit, call: 0x4000_0000 + 41, firstArgument: 1 })).toBe('refused');
  });
});

describe('socketFilter', () => {
  it('makes none for a processor that it does not know', () => {
    expect(socketFilter('riscv64')).toBeUndefined();
  });
});
