const KIB = 1024;
const MIB = 1024 * KIB;

const limits = {
  // ---- Queues between server and consumers

  /** Entries of a counted lane. The embedder may set it (at least 1); large enough that a consumer may miss a frame. */
  channelCapacity: 128,
  /** Permits of a connection for ends and server requests. Independent of the capacity, so that small queues can still end. */
  reservedSlots: 1024,
  /** Distinct `latest` keys of a view; beyond that the consumer has more threads than it reads. */
  latestKeys: 1024,
  /** Bytes of JSON in a view. Holds the largest item twice. */
  viewBytes: 8 * MIB,
  /** Bytes of JSON in the request queue of an in-process connection. Holds one request of the largest kind. */
  requestQueueBytes: 32 * MIB,
  /** Bytes to which a queued lossless delta grows by merging; one screenful many times over. */
  mergeBytes: 64 * KIB,
  /** Bytes to which a queued best-effort delta grows; older text is dropped and counted. */
  bestEffortBytes: 64 * KIB,
  /** How long a turn waits for its starter's view, once per stall. Long enough for a garbage collection, short for a person. */
  slowConsumerGraceMs: 2_000,

  // ---- Requests

  /** Requests that wait behind one key; more is a client that does not read answers. */
  keyedQueueDepth: 128,
  /** Requests of one connection that are queued or running. A terminal UI has fewer than 20. */
  inFlightRequests: 256,
  /** Requests that a client waits for. */
  pendingRequests: 1024,
  /** Open server requests of one thread; each blocks a tool call, so there are few. */
  pendingServerRequests: 64,
  /** What an overloaded answer advises, in milliseconds. */
  retryAfterMs: 100,
  /** Messages that the processor takes from a request queue before it lets others run. */
  requestBatch: 64,
  /** JSON values in the params of one request. A schema reports each one that does not fit, so this bounds the report. */
  paramsValues: 100_000,
  /** Characters of a wrong value that an error text repeats. */
  quotedChars: 256,
  /** Results of one page when the client names no limit, as in the protocol. */
  defaultPageSize: 25,
  /** Results of one page, whatever the client asks for, as in the protocol. */
  maxPageSize: 100,
  /** Threads that a list may be told to leave out, as in the protocol. */
  excludedThreads: 100,

  // ---- Connections

  /** Connections of a server at a time. */
  connections: 64,
  /** Bytes of one incoming message. Holds the largest input with an image. */
  lineBytes: 8 * MIB,
  /** Nesting of incoming JSON; real params nest fewer than 20 deep. */
  jsonDepth: 64,
  /** Bytes of responses that a connection has not taken; above that its requests are not read further. */
  unsentResponseBytes: 16 * MIB,

  /** Bytes of everything that waits in the view of a connection over bytes: a full view, its states and its responses. */
  connectionBytes: 32 * MIB,
  /** Bytes of messages of a websocket that were read and not taken; above that its socket is not read. */
  incomingBytes: MIB,
  /** Messages of a websocket that were read and not taken; above that its socket is not read. */
  incomingMessages: 256,
  /** Bytes of a websocket that the system has not taken; above that its writer waits. */
  socketBufferBytes: MIB,
  /** Characters of a message over the limit that are kept, to find the id to answer to. */
  messageHeadChars: KIB,
  /** Sockets of a listener: its connections, and as many that are in their handshake. */
  listenerSockets: 128,
  /** How long a socket has for the request that makes it a connection. */
  handshakeMs: 5_000,
  /** How long a peer has to take its leave once this side has; then it is cut off. */
  closeHandshakeMs: 1_000,
  /** The same for a peer that is too slow, and has to read what was written before it learns why it was let go. */
  slowCloseMs: 10_000,
  /** How often a websocket is pinged; short enough for routers that forget silent connections after a minute. */
  pingIntervalMs: 30_000,
  /** Pings in a row without a sign of life after which a peer is gone. */
  unansweredPings: 4,
  /** Wrong tokens in a row that are refused at once. */
  badTokensBeforeDelay: 100,
  /** How long each further one waits for its refusal. */
  badTokenDelayMs: 1_000,

  /** Files and directories that a connection watches. An editor has one for each open tab. */
  fileWatches: 256,
  /** Searches for files in the whole server, single ones and sessions; each holds up to 30 MB of names. */
  fileSearches: 8,
  /** Directories of one search for files. */
  fileSearchRoots: 64,
  /** Characters of what is searched for; the cost of a comparison grows with it. */
  fileSearchQueryChars: 256,
  /** Files that a search finds, as in the protocol. */
  fileSearchResults: 50,

  // ---- Clients of other processes

  /** How long an app-server that was started as a child may take to answer the handshake. As the reference client. */
  childStartupMs: 30_000,
  /** How long connecting to a server may take, and how long its answer to the handshake. As the reference client. */
  connectMs: 10_000,
  /** Bytes of one message that a client takes from a server. As the reference client. */
  clientMessageBytes: 128 * MIB,
  /** How long a turn that a client waits for may be silent before the client asks what became of it. As the reference client. */
  turnInactivityMs: 90_000,
  /** How long such a question, or an interrupt that nobody waits for, may take. */
  turnProbeMs: 10_000,
  /** The longest time before the first attempt to make a lost connection again; it doubles with each. */
  reconnectBaseDelayMs: 100,
  /** The longest time between two such attempts. */
  reconnectMaxDelayMs: 5_000,
  /** Threads that a client resumes when its connection was made again; four times what a server keeps in memory. */
  followedThreads: 1_024,
  /** Characters of a child's standard error that are kept for the error that tells of its end. */
  childErrorChars: 16 * KIB,

  // ---- Shutdown

  /** How long a shutdown may take in all, from its call to its end. One more second is the hard end. */
  shutdownGraceMs: 5_000,
  /** How long running turns may go on after a server with listeners was asked to end; the command line may set it. */
  drainMs: 600_000,

  // ---- Log

  /** Bytes of a log that nobody reads; above that lines are left out and counted. */
  logBytes: 64 * KIB,

  // ---- Threads

  /** Threads in memory, and on their way into it or out of it. The embedder may set it. */
  loadedThreads: 256,
  /** How long a thread is kept in memory once nobody listens to it and nothing runs in it. As the reference server. */
  idleThreadMs: 1_800_000,
  /** How often threads are looked through for such ones, while there is one that nobody listens to. */
  idleSweepMs: 60_000,
  /** How long a thread may take to end its turn and its commands before it is left behind. As the reference server. */
  unloadMs: 10_000,
  /** Sections that a user has made; a list of them is read from end to end. */
  threadSections: 100,
  /** Threads in all sections together: each one is a line of what is written with every change. */
  sectionedThreads: 1_000,
  /** Bytes of the file in which sections are kept, several times what the other limits let into it. */
  sectionFileBytes: 1_048_576,
  /** Characters of the name of a section, and of each word about how it looks. */
  sectionTextChars: 200,
  /** Submissions in the queue of a thread, as the protocol sets it. */
  queuedSubmissions: 100,
  /** Characters of the objective of a goal, as the protocol sets it. */
  goalObjectiveChars: 4_000,
  /** Turns in a row that a goal starts without a word from anybody; then it is paused, so that a model that gets nowhere costs no more. */
  goalTurnsInARow: 50,
  /** Messages that wait in the mailbox of a thread. */
  threadMailbox: 64,
  /** Characters of the text of one input, as the protocol sets it. */
  inputChars: 1_048_576,
  /** Parts of one input. */
  inputParts: 256,
  /** Bytes of one image file that is read for the model. One inside a message is bounded by `lineBytes`. */
  imageBytes: 20 * MIB,
  /** Bytes of one instruction file that is read at all. */
  instructionFileBytes: MIB,
  /** Skills that are found in one directory; more would not fit into what the model is told. */
  skills: 256,
  /** Directories that one request may ask about, and directories of skills that clients add; a client has a few open. */
  directoriesPerRequest: 64,
  /** Directories that are looked into for the skills of one directory: a folder of skills may turn out to be a whole disk. */
  skillDirectories: 2_048,
  /** Bytes of one `SKILL.md`. */
  skillFileBytes: 256 * KIB,
  /** Characters of the name of a skill. */
  skillNameChars: 64,
  /** Characters of the description of a skill, which the model is told in every thread. */
  skillDescriptionChars: 1_024,
  /** Characters of all descriptions together that the model is told. */
  skillListChars: 32 * KIB,
  /** Bytes of the instruction files of a project that the model is given, unless the configuration says otherwise; as in the protocol. */
  projectInstructionsBytes: 32 * KIB,
  /** Characters of a thread's preview. */
  previewChars: 500,

  // ---- Model

  /** Tokens of what the user said that a compacted history keeps word for word, the latest first; about a tenth of a window. */
  compactedUserTokens: 20_000,
  /** Model responses of one turn; a turn that needs more is going round in circles. */
  modelCallsPerTurn: 1_000,
  /** Tool calls of one model response. */
  toolCallsPerResponse: 128,
  /** How long a model stream may say nothing. */
  sseIdleMs: 300_000,
  /** Bytes of one line of a model stream. Holds a whole response with its reasoning. */
  sseLineBytes: 16 * MIB,
  /** Bytes of the body of a failed model request that are read. */
  modelErrorBodyBytes: 64 * KIB,
  /** How often a model request is tried again before any event came. */
  requestMaxRetries: 4,
  /** How often a broken model stream is asked for again. */
  streamMaxRetries: 5,
  /** Retries that the configuration may ask for. */
  maxRetries: 100,
  /** The first pause between tries; each later one is twice as long. */
  retryBaseDelayMs: 200,
  /** The longest pause between tries. */
  retryMaxDelayMs: 10_000,
  /** The longest pause that a model server may ask for. */
  retryAfterMaxMs: 60_000,

  // ---- Commands and tools

  /** Commands of agents that run at a time, in the whole server. Each holds a few descriptors and its output. */
  processes: 64,
  /** Bytes of output that a command item keeps, head and tail. */
  aggregatedOutputBytes: MIB,
  /** Bytes of one output delta. */
  outputDeltaBytes: 8 * KIB,
  /** A command that prints nothing for so long after its start is streamed from its first output on. */
  quickOutputMs: 350,
  /** How long any other goes on after its first output before that is streamed; shorter ones report once, also on a busy machine. */
  outputDeltaDelayMs: 250,
  /** Bytes of output that a command may print until then and that are streamed late, head and tail. A few screens. */
  heldOutputBytes: 64 * KIB,
  /** Tokens of output that the model gets when it asks for no number. */
  modelOutputTokens: 10_000,
  /** Tokens of output that the model gets at most. */
  maxModelOutputTokens: 100_000,
  /** How long a command call waits for its end when the model names no time. */
  yieldMs: 10_000,
  /** The shortest wait that the model may ask for. */
  minYieldMs: 250,
  /** The longest wait that the model may ask for. */
  maxYieldMs: 30_000,
  /** The longest wait of an empty poll of a running command. */
  maxPollYieldMs: 300_000,
  /** How long output is still read after a process ended while a grandchild holds the pipe. */
  outputDrainMs: 2_000,
  /** How long a process group may take to vanish after it was killed. */
  killGraceMs: 2_000,
  /** Bytes of one command line. */
  commandBytes: 128 * KIB,
  /** Bytes that one call may type into a command. */
  stdinBytes: MIB,
  /** How long a command line of the user runs when the client names no time, as in the protocol. */
  userShellTimeoutMs: 3_600_000,
  /** The longest time that a client may name for it: a day, below the largest delay of a timer. */
  maxUserShellTimeoutMs: 86_400_000,
  /** Command lines of the user beside one turn. */
  userShells: 16,
  /** Processes that clients run by themselves, of each family of methods; together half of `processes`, so that agents have the rest. */
  clientProcesses: 16,
  /** Bytes of each output stream of a client's process when the client names no cap, as in the protocol. */
  clientOutputDefaultBytes: MIB,
  /** Bytes of each output stream of a client's process that are kept for its end, whatever the client asks for. */
  clientOutputBytes: 16 * MIB,
  /** How long a client's process may run when the client names no time, as in the protocol. */
  clientTimeoutMs: 10_000,
  /** How long git may work for one request; a diff of a large tree that was not read for long takes seconds. */
  gitMs: 30_000,
  /** Bytes that one command of git may print, and characters of a whole diff; above that nobody reads it. */
  gitOutputBytes: 4 * MIB,
  /** Files that git does not know and that are shown in a diff; each costs a process. */
  gitUntrackedFiles: 256,
  /** Commits that a branch shares with its remotes among which the newest is looked for. */
  gitSharedCommits: 256,
  /** Rows of a terminal whose client names no size. */
  terminalRows: 24,
  /** Columns of a terminal whose client names no size. */
  terminalColumns: 80,
  /** Bytes of one patch. */
  patchBytes: 4 * MIB,
  /** The shortest time between two looks at a patch that the model is writing. */
  patchPreviewMs: 500,
  /** Bytes of one file that a patch changes. */
  patchedFileBytes: 32 * MIB,
  /** Bytes of the diff of a turn; a larger one is cut and says so. */
  turnDiffBytes: MIB,
  /** Steps of a plan. */
  planSteps: 128,
  /** How long the first model request of a turn waits for MCP servers that are starting; slower ones offer their tools later. */
  mcpTurnGraceMs: 1_000,
  /** How long an MCP server may take to start when the configuration names no time. Holds a download by a package runner. */
  mcpStartupTimeoutMs: 30_000,
  /** How long a call of an MCP server's tool may take when the configuration names no time. */
  mcpToolTimeoutMs: 120_000,
  /** Bytes of one message of an MCP server. An item with a result of that size fits into a view. */
  mcpMessageBytes: 4 * MIB,
  /** Tools of one MCP server that are used. Each is described to the model with every request. */
  mcpTools: 512,
  /** Pages of a list that an MCP server is asked for. */
  mcpListPages: 64,
  /** How long an MCP server may take to leave once its input has ended, before its process group is killed. */
  mcpCloseGraceMs: 500,
  /** Tools that a client may bring along for one thread. Each is described to the model with every request. */
  dynamicTools: 256,
  /** Commands, files and directories, each, that a thread remembers as granted. */
  sessionGrants: 1_024,

  // ---- Store

  /** Bytes of one line of a thread's log. Holds the largest item. */
  threadLogLineBytes: 32 * MIB,
  /** Bytes that may wait for a sync before writers are told to stop. */
  unsyncedBytes: 64 * MIB,
  /** Characters of one message that can be searched; what follows is seldom prose. Keeps each write to the index short. */
  searchedChars: 32 * KIB,
  /** Threads that wait for the index; where there are more, it looks at all files once. */
  indexQueue: 4_096,
  /** How long the index waits for more changes before it reads the first. A turn makes several. */
  indexDelayMs: 200,
  /** How long a list or a search waits for the index before it looks at the files themselves. */
  indexWaitMs: 2_000,
  /** How old the last look at all files may be when somebody lists or searches threads. */
  indexRescanMs: 60_000,
  /** How long the index is tried again while another process writes it. */
  indexBusyMs: 5_000,
  /** Rules about commands; every command is compared with each of them. */
  commandRules: 4_096,
  /** Bytes of one file of rules. Holds as many as count, of usual length. */
  rulesFileBytes: MIB,
  /** Bytes of `config.toml`. */
  configFileBytes: MIB,
  /** Keys of `config.toml` that one request changes; each is a pass over the text. A settings page has fewer than 50. */
  configChanges: 256,
} as const;

/**
 * Every limit of the product, with its unit and the reason for its size. Names end in their unit; a name without one is a
 * count. What an embedder may change says so.
 */
export const LIMITS: { readonly [K in keyof typeof limits]: number } = limits;
