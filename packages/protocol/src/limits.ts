/** Ceilings that both ends agree on. What an operator may tune is in the broker's configuration, never above these. */
export const limits = {
  /** bytes of ciphertext in one message */
  messageBytes: 64 * 1024,
  /** characters of one WebSocket text frame */
  frameChars: 512 * 1024,
  /** entries in one `roster.list` page */
  rosterPage: 500,
  /** entries in one `roster.repeat` */
  rosterRepeat: 100,
  /** messages that one receipt may name */
  receiptItems: 100,
  /** receipts in one receipt frame */
  receiptsPerFrame: 50,
  /** rows of a key bundle in one call */
  keyRows: 500,
  /** members named as mentioned in one message */
  mentions: 32,
  /** messages of agents in a thread, since a person last wrote in it, after which it stops */
  hops: 30,
  /** rows of the audit chain in one answer */
  auditPage: 500,
  /** longest that one question for rows of the audit chain waits */
  auditWaitMs: 20_000,
  /** least that a row of the audit chain is kept */
  auditKeptMs: 90 * 24 * 3_600_000,
  /** characters of a topic's description */
  topicDescription: 500,
  /** topics that a mesh has at a time */
  topics: 1_000,
  /** keys of shared state, memories, tasks that are open or claimed, contexts and skills that a mesh has at a time */
  stateKeys: 10_000,
  memories: 200_000,
  openTasks: 10_000,
  contexts: 20_000,
  skills: 1_000,
  /** posts in one page of a topic's history */
  historyPage: 100,
  /** API keys that a mesh has at a time */
  apiKeys: 200,
  /** topics that an API key names */
  apiKeyTopics: 100,
  /** schedules, watches and webhooks that a mesh has at a time */
  schedules: 10_000,
  watches: 200,
  webhooks: 200,
  /** characters of what a job says or sends */
  jobText: 8_000,
  /** how far ahead something may be scheduled */
  jobAheadMs: 5 * 366 * 24 * 3_600_000,
  /** how often a watched URL is asked at most, and at least */
  watchEveryMs: 5_000,
  watchEveryMostMs: 24 * 3_600_000,
  /** failures in a row after which the broker does a job no more */
  jobFails: 10,
  /** bytes of what a member's own devices do at a time, with its input, and of it as it is sealed */
  callBytes: 16 * 1024,
  callSealedBytes: 17 * 1024,
  /** how long what is due waits for one of its author's devices */
  callWaitMs: 7 * 24 * 3_600_000,
  /** how late something may be done before it counts as missed */
  callLateMs: 5 * 60_000,
  /** how long one device has for it before another may take it for lost */
  callLeaseMs: 10 * 60_000,
  /** how long what is over is listed */
  callShownMs: 24 * 3_600_000,
  /** bytes of what is posted to a webhook */
  webhookBytes: 1024 * 1024,
  /** how far the time of a signed post may be from the broker's */
  webhookWindowMs: 5 * 60_000,
  /** characters of an idempotency key */
  idempotencyKey: 200,
  /** bytes of the inviter's head, sealed */
  inviterHeadBytes: 512,
  /** bytes of a welcome blob */
  welcomeBytes: 64 * 1024,
  /** mesh keys in one welcome, the newest */
  welcomeEpochs: 500,
  /** bytes of ciphertext in every part of a file but the last: 128 chunks of 64 KiB, each with its 17 bytes of secretstream */
  filePartBytes: 128 * (64 * 1024 + 17),
  /** bytes of plaintext in every chunk of a file but the last */
  fileChunkBytes: 64 * 1024,
  /** ciphertext bytes of one file at most, whatever an operator sets */
  fileBytes: 64 * 2 ** 30,
  /** bytes of what says a file's name and key, sealed */
  fileSealedBytes: 8 * 1024,
  /** members that a file is sealed to at a time */
  fileRecipients: 200,
  /** shared files in one answer */
  filePage: 100,
  /** how long an upload that was begun is kept after the last day on which a part of it came */
  uploadMs: 7 * 24 * 3_600_000,
  /** the same while no part of it has come */
  emptyUploadMs: 3_600_000,
  /** how long a ticket for the bytes of a file is good */
  ticketMs: 10 * 60_000,
  /** bytes that a peer's file may have, and of those in one answer */
  peerFileBytes: 1024 * 1024,
  peerFilePiece: 128 * 1024,
  /** entries of a peer's folder in one answer */
  peerFileEntries: 500,
  /** how long a peer may take to answer */
  peerFileMs: 15_000,
  /** largest clock difference accepted in hello and in new roster entries */
  clockSkewMs: 60_000,
  /** how long a direct message waits for its recipient */
  directTtlMs: 7 * 24 * 3_600_000,
  /** how long group, broadcast and roster log entries keep their contents */
  sharedTtlMs: 30 * 24 * 3_600_000,
  /** how long a sender's message id is remembered; longer than any entry or outbox item lives */
  idempotencyTtlMs: 90 * 24 * 3_600_000,
  /** devices of one member that a broker knows of */
  devicesPerMember: 64,
  /** a device silent for this long is retired */
  deviceRetiredMs: 30 * 24 * 3_600_000,
  /** how long the two sides of a device link have */
  mailboxMs: 10 * 60_000,
  /** parts that one side of a device link may leave, and bytes of one */
  mailboxParts: 4_096,
  mailboxPartBytes: 64 * 1024,
  /** parts of one side that wait at the broker at a time */
  mailboxWaiting: 2,
  /** how long one question for a part may wait; below what an unknown connection may stay idle */
  mailboxWaitMs: 20_000,
  /** mailboxes open at one broker, and from one address */
  mailboxes: 400,
  mailboxesPerAddress: 20,
  /** longest life of a session attestation */
  attestationMs: 24 * 3_600_000,
  /** sessions attached to one device at a time */
  sessionsPerDevice: 64,
  /** how long a session may be without its connection before it counts as gone */
  sessionGraceMs: 10_000,
  /** how long a lease on a thread lasts without being taken again */
  leaseMs: 10 * 60_000,
  /** joins per second through one invite */
  joinsPerSecond: 5,
  /** how long one author's turn holds the roster's tail */
  rosterTurnMs: 3_000,
  /** bytes of a skill in all, and files in it besides its instructions */
  skillBytes: 128 * 1024,
  skillFiles: 50,
  /** bytes of what is published to a stream, and of it as it is sealed */
  streamBytes: 64 * 1024,
  streamSealedBytes: 64 * 1024 + 64,
  /** streams of one mesh, and those that one connection is subscribed to */
  streams: 200,
  streamsPerConnection: 64,
  /** items that wait for one subscriber of a stream */
  streamQueue: 256,
  /** longest that one question for items waits */
  streamWaitMs: 20_000,
  /** bytes of a secret in a vault, of it as it is sealed, and secrets of one member */
  vaultBytes: 64 * 1024,
  vaultSealedBytes: 66 * 1024,
  vaultEntries: 200,
  /** the broker pings this often; no answer within `deadPeerMs` ends the connection */
  pingMs: 15_000,
  deadPeerMs: 20_000,
} as const;
