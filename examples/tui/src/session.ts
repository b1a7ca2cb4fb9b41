import type { Client } from '@millrace/client';
import {
  type CommandExecutionApprovalDecision,
  type RequestId,
  RPC_ERROR_CODES,
  type ServerRequest,
} from '@millrace/protocol';
import type { ApprovalRequest } from './approval-prompt.js';
import { isQuestion } from './question.js';
import { EMPTY, reduce, type Transcript, withNotice } from './transcript.js';

/** What a person can say to a command or a patch. */
export type Decision = Extract<
  CommandExecutionApprovalDecision,
  'accept' | 'acceptForSession' | 'decline' | 'cancel'
>;

/**
 * One thread as the screen sees it: its events go in, what the person does goes out.
 *
 * The loop that reads the events never waits for a request, so a slow answer cannot hold them up. Listeners are called at most once
 * for each turn of the event loop, however many events came in it.
 */
export class Session {
  readonly #client: Client;
  readonly #threadId: string;
  readonly #listeners = new Set<() => void>();
  #transcript: Transcript = EMPTY;
  #isAnnounced = false;

  private constructor(client: Client, threadId: string) {
    this.#client = client;
    this.#threadId = threadId;
  }

  static async start(client: Client): Promise<Session> {
    const { thread, model, approvalPolicy } = await client.request('thread/start');
    const session = new Session(client, thread.id);
    const policy = typeof approvalPolicy === 'string' ? approvalPolicy : 'granular';
    session.#update(withNotice(EMPTY, 'notice', `${model} in ${thread.cwd}, approvals: ${policy}`));
    return session;
  }

  /** Reads events until the connection ends. */
  async read(): Promise<void> {
    for await (const event of this.#client.events()) {
      if (event.type === 'request' && !isQuestion(event)) this.#refuse(event);
      this.#update(reduce(this.#transcript, event));
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): Transcript => this.#transcript;

  /** Says something: it starts a turn, or joins the one that runs. */
  submit(text: string): void {
    this.#send(
      this.#client.request('turn/start', { threadId: this.#threadId, input: [{ type: 'text', text }] }),
    );
  }

  /** Ends the turn that runs; does nothing when none does. */
  interrupt(): void {
    const turnId = this.#transcript.activeTurnId;
    if (turnId === undefined) return;
    this.#send(this.#client.request('turn/interrupt', { threadId: this.#threadId, turnId }));
  }

  /** Answers an approval. Rights are granted all or none. */
  decide(request: ApprovalRequest, decision: Decision): void {
    if (request.method !== 'item/permissions/requestApproval') {
      this.#respond(request.id, { decision });
      return;
    }
    const isYes = decision === 'accept' || decision === 'acceptForSession';
    this.#respond(request.id, {
      permissions: isYes ? request.params.permissions : {},
      scope: decision === 'acceptForSession' ? 'session' : 'turn',
    });
    if (decision === 'cancel') this.interrupt();
  }

  /** Answers every question of a request with the same text. */
  answer(requestId: RequestId, questionIds: readonly string[], text: string): void {
    this.#respond(requestId, {
      answers: Object.fromEntries(questionIds.map((id) => [id, { answers: [text] }])),
    });
  }

  /** What nobody can be asked here is answered at once: a request without an answer holds up its turn. */
  #refuse({ id, method }: ServerRequest): void {
    this.#client.reject(id, {
      code: RPC_ERROR_CODES.clientRefused,
      message: `${method} is not supported here`,
    });
  }

  /** A full queue is shown too; the question stays, so the person can answer once more. */
  #respond(requestId: RequestId, result: unknown): void {
    try {
      this.#client.respond(requestId, result);
    } catch (error) {
      this.#showError(error);
    }
  }

  /** What goes wrong with a request is shown; nothing else depends on it. */
  #send(request: Promise<unknown>): void {
    request.catch((error: unknown) => this.#showError(error));
  }

  #showError(error: unknown): void {
    const text = error instanceof Error ? error.message : String(error);
    this.#update(withNotice(this.#transcript, 'error', text));
  }

  #update(transcript: Transcript): void {
    if (transcript === this.#transcript) return;
    this.#transcript = transcript;
    if (this.#isAnnounced) return;
    this.#isAnnounced = true;
    setImmediate(() => {
      this.#isAnnounced = false;
      for (const listener of this.#listeners) listener();
    });
  }
}
