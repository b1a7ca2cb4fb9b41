import { responsesClient } from '@millrace/model';
import type { ViewEntry } from '@millrace/runtime';
import { type ResponsesReply, ResponsesServer, VirtualClock } from '@millrace/testkit';
import { onTestFinished } from 'vitest';
import { TestPeer } from './test-peer.js';
import { startTestRuntime, type TestRuntime, type TestRuntimeOptions } from './test-runtime.js';

export interface ResponsesThread {
  readonly model: ResponsesServer;
  readonly runtime: TestRuntime;
  readonly peer: TestPeer;
  readonly threadId: string;
  /** Runs one turn with that text and returns everything up to its end. */
  readonly turn: (text: string, params?: object) => Promise<ViewEntry[]>;
}

/** A thread of a real runtime whose model is a server that speaks the Responses API over HTTP and gives those replies in order. */
export async function startResponsesThread(
  replies: readonly ResponsesReply[],
  options: TestRuntimeOptions & { readonly thread?: object } = {},
): Promise<ResponsesThread> {
  const { thread, ...runtimeOptions } = options;
  const model = await ResponsesServer.start(...replies);
  onTestFinished(() => model.close());
  const client = responsesClient({
    provider: { id: 'mock', name: 'Mock', baseUrl: model.baseUrl, streamMaxRetries: 0, requestMaxRetries: 0 },
    clock: new VirtualClock(),
    random: () => 0,
    userAgent: 'test',
  });
  const runtime = await startTestRuntime({ model: client, ...runtimeOptions });
  const peer = await TestPeer.connect(runtime.server, { capabilities: { experimentalApi: true } });
  const threadId = await peer.startThread({ model: 'm', ...thread });
  peer.drain();
  const turn = async (text: string, params: object = {}): Promise<ViewEntry[]> => {
    await peer.request('turn/start', { threadId, input: [{ type: 'text', text }], ...params });
    return peer.readTo('turn/completed');
  };
  return { model, runtime, peer, threadId, turn };
}
