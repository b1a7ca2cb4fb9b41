import type { Client, ClientEvent, Run } from '@millrace/client';
import { type Paint, printable, shownCommand } from '@millrace/exec';
import type { FileChangeItem, ThreadItem, TokenUsageBreakdown, Turn } from '@millrace/protocol';

/** What happened in the one turn of the demo. */
export interface DemoResult {
  readonly prompt: string;
  readonly model: string;
  readonly sandbox: string;
  /** What was asked for and allowed, in order. */
  readonly approvals: readonly string[];
  /** The commands that ran, with their exit codes. */
  readonly commands: readonly { readonly command: string; readonly exitCode: number | null }[];
  readonly usage: TokenUsageBreakdown | undefined;
  /** How many events this client read, by method. */
  readonly events: ReadonlyMap<string, number>;
  /** The turn as its last event told; undefined when that never came. */
  readonly end: Turn | undefined;
  readonly elapsedMs: number;
}

export interface DemoOptions {
  readonly workspace: string;
  readonly paint: Paint;
  /** Writes text as it is. */
  readonly write: (text: string) => void;
}

type RequestEvent = Extract<ClientEvent, { readonly type: 'request' }>;
type Notification = Extract<ClientEvent, { readonly type: 'notification' }>;

const PLAN_MARKS = { pending: '[ ]', inProgress: '[>]', completed: '[x]' } as const;

/** Runs one turn, shows what happens and says yes to what it is asked. */
export class DemoRun {
  readonly #client: Client;
  readonly #options: DemoOptions;
  readonly #approvals: string[] = [];
  readonly #commands: { readonly command: string; readonly exitCode: number | null }[] = [];
  readonly #events = new Map<string, number>();
  /** Patches that began, for the question that only names them. */
  readonly #patches = new Map<string, FileChangeItem>();
  #usage: TokenUsageBreakdown | undefined;
  #turn: Run | undefined;

  constructor(client: Client, options: DemoOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Under the policy `untrusted` every command and every change is asked for, with or without a sandbox. */
  async run(prompt: string): Promise<DemoResult> {
    const { workspace, paint } = this.#options;
    const print = (line: string): void => this.#print(line);
    const startedAt = performance.now();
    const { thread, model, sandbox } = await this.#client.request('thread/start', {
      cwd: workspace,
      approvalPolicy: 'untrusted',
      sandbox: 'workspace-write',
    });
    print(paint('bold', 'Millrace demo: an agent inside this process'));
    print(paint('dim', 'The model is a script (it needs no key and no network); everything else is real.'));
    print('');
    for (const line of prompt.split('\n')) print(paint('cyan', `> ${printable(line)}`));
    print('');
    const turn = this.#client.runTurn({ threadId: thread.id, input: [{ type: 'text', text: prompt }] });
    let end: Turn | undefined;
    this.#turn = turn;
    for await (const event of turn) {
      this.#count(event);
      if (event.type === 'request') this.#answer(event);
      if (event.type === 'notification') this.#show(event);
      if (event.type === 'notification' && event.method === 'turn/completed') end = event.params.turn;
    }
    const elapsedMs = Math.round(performance.now() - startedAt);
    return {
      prompt,
      model,
      sandbox: sandbox.type,
      approvals: this.#approvals,
      commands: this.#commands,
      usage: this.#usage,
      events: this.#events,
      end,
      elapsedMs,
    };
  }

  /** Ends the turn, which then tells its end like any other. */
  async interrupt(): Promise<void> {
    // Refused when the turn ended meanwhile: then there is nothing to interrupt.
    await this.#turn?.interrupt().catch(() => {});
  }

  #print(line: string): void {
    this.#options.write(`${line}\n`);
  }

  #count(event: ClientEvent): void {
    const kind = 'method' in event ? event.method : event.type;
    this.#events.set(kind, (this.#events.get(kind) ?? 0) + 1);
  }

  #answer(event: RequestEvent): void {
    switch (event.method) {
      case 'item/commandExecution/requestApproval':
        this.#allow(event, `run ${printable(shownCommand(event.params.command ?? ''))}`);
        return;
      case 'item/fileChange/requestApproval':
        this.#allow(event, describePatch(this.#patches.get(event.params.itemId)));
        return;
      case 'item/tool/requestUserInput': {
        const answers = event.params.questions.map(({ id, question, options }) => {
          const answer = options?.[0]?.label ?? 'Yes';
          this.#print(`${this.#options.paint('yellow', `? ${printable(question)}`)} ${answer}`);
          return [id, { answers: [answer] }] as const;
        });
        this.#client.respond(event.id, { answers: Object.fromEntries(answers) });
      }
    }
  }

  #allow(event: RequestEvent, action: string): void {
    const { paint } = this.#options;
    this.#print(
      `${paint('yellow', `? May the agent ${action}?`)} ${paint('green', 'yes')} (the demo answers)`,
    );
    this.#approvals.push(action);
    this.#client.respond(event.id, { decision: 'accept' });
  }

  #show(event: Notification): void {
    switch (event.method) {
      case 'item/started':
        if (event.params.item.type === 'fileChange')
          this.#patches.set(event.params.item.id, event.params.item);
        return;
      case 'item/agentMessage/delta':
        this.#options.write(printable(event.params.delta));
        return;
      case 'item/completed':
        this.#showItem(event.params.item);
        return;
      case 'turn/plan/updated':
        for (const { step, status } of event.params.plan)
          this.#print(`  ${PLAN_MARKS[status]} ${printable(step)}`);
        return;
      case 'thread/tokenUsage/updated':
        this.#usage = event.params.tokenUsage.total;
        return;
      default:
        return;
    }
  }

  #showItem(item: ThreadItem): void {
    const { paint } = this.#options;
    const print = (line: string): void => this.#print(line);
    switch (item.type) {
      case 'reasoning':
        print(paint('dim', printable(item.summary.join('\n'))));
        return;
      case 'agentMessage':
        print(''); // The text has been shown as it came.
        return;
      case 'commandExecution': {
        const command = printable(shownCommand(item.command));
        this.#commands.push({ command, exitCode: item.exitCode });
        print(paint('bold', `$ ${command}`));
        const output = printable(item.aggregatedOutput ?? '').trimEnd();
        if (output !== '') for (const line of output.split('\n')) print(paint('dim', `  ${line}`));
        return;
      }
      case 'fileChange':
        print(paint('bold', `${describePatch(item)}: ${item.status}`));
        for (const { diff } of item.changes)
          for (const line of printable(diff).trimEnd().split('\n')) print(paint(lookOf(line), `  ${line}`));
        return;
      default:
        return;
    }
  }
}

function describePatch(item: FileChangeItem | undefined): string {
  const verbs = { add: 'add', update: 'change', delete: 'delete' } as const;
  const changes = item?.changes.map(({ kind, path }) => `${verbs[kind.type]} ${printable(nameOf(path))}`);
  return changes?.join(' and ') ?? 'change files';
}

function nameOf(path: string): string {
  return path.split('/').at(-1) ?? path;
}

function lookOf(diffLine: string): 'green' | 'red' | 'dim' {
  if (diffLine.startsWith('+')) return 'green';
  return diffLine.startsWith('-') ? 'red' : 'dim';
}
