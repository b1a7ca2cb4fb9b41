import { ResponsesServer, wire } from '@millrace/testkit';

/** Deltas of each answer. */
export const DELTAS = 10_000;
/** Text of each: about a word, as models send it. */
export const DELTA = 'millrace ';
/** Frames that are written together, as they come from a model that is faster than the network. */
const FRAMES_PER_WRITE = 50;

/**
 * The model, in a process of its own, so that it takes no time of whoever is measured. Every question gets one message of
 * {@link DELTAS} deltas, as bytes that were made before. Says its address to its parent, and ends with it.
 */
if (process.send !== undefined) {
  const events = wire.message(Array.from({ length: DELTAS }, () => DELTA));
  const frames = [wire.created(), ...events, wire.completed()].map(wire.frame);
  const chunks: Buffer[] = [];
  while (frames.length > 0) chunks.push(Buffer.from(frames.splice(0, FRAMES_PER_WRITE).join('')));
  const server = await ResponsesServer.start({ chunks });
  process.on('disconnect', () => process.exit());
  process.send(server.baseUrl);
}
