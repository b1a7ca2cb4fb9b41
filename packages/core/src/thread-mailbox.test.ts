import { describe, expect, it } from 'vitest';
import { ThreadMailbox } from './thread-mailbox.js';

const microtasks = async (count: number): Promise<void> => {
  for (let ticks = 0; ticks < count; ticks += 1) await undefined;
};

describe('ThreadMailbox', () => {
  it.each(
    Array.from({ length: 12 }, (_, ticks) => ticks),
  )('opens no letter while a turn is ending that began to end %i microtasks after it came', async (ticks) => {
    const mailbox = new ThreadMailbox<boolean>();
    let end = (): void => {};
    let ending: Promise<void> | undefined;
    const reading = mailbox.read(() => ending);
    const wasEnding = mailbox.post(() => ending !== undefined);
    await microtasks(ticks);
    ending = new Promise((resolve) => {
      end = () => {
        ending = undefined;
        resolve();
      };
    });
    await microtasks(20);
    end();
    await expect(wasEnding).resolves.toBe(false);
    mailbox.close();
    await reading;
  });

  it('waits again when something began to end while a letter was prepared', async () => {
    const mailbox = new ThreadMailbox<string>();
    const order: string[] = [];
    let ending: Promise<void> | undefined;
    const reading = mailbox.read(() => ending);
    const prepare = async (): Promise<void> => {
      ending = microtasks(10).then(() => {
        ending = undefined;
        order.push('ended');
      });
    };
    await mailbox.post(() => String(order.push('opened')), prepare);
    expect(order).toEqual(['ended', 'opened']);
    mailbox.close();
    await reading;
  });

  it('opens the next letter when one throws, and none after the close', async () => {
    const mailbox = new ThreadMailbox<number>();
    const reading = mailbox.read(() => undefined);
    const broken = mailbox.post(() => {
      throw new Error('broken');
    });
    const whole = mailbox.post(() => 1);
    await expect(broken).rejects.toThrow('broken');
    await expect(whole).resolves.toBe(1);
    mailbox.close();
    await reading;
    await expect(mailbox.post(() => 2)).resolves.toBe('closed');
  });
});
