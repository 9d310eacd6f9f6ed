import type {
  DeviceId,
  FileId,
  MessageId,
  ReceiptId,
  RecordId,
  RequestId,
  SessionId,
  TopicId,
} from "@claudemesh/protocol";
import type { RandomSource } from "./random.ts";
import { Uuidv7Source, uuidv4, uuidv7 } from "./uuid.ts";

/** A message id for the time that `now` gives (ms), a UUIDv7. */
export const newMessageId = (now: () => number, random: RandomSource): MessageId =>
  `msg_${uuidv7(now(), random)}` as MessageId;

/** A receipt id for the time that `now` gives (ms), a UUIDv7. */
export const newReceiptId = (now: () => number, random: RandomSource): ReceiptId =>
  `rct_${uuidv7(now(), random)}` as ReceiptId;

/** An id of one write of shared data for the time that `now` gives (ms), a UUIDv7. */
export const newRecordId = (now: () => number, random: RandomSource): RecordId =>
  `rec_${uuidv7(now(), random)}` as RecordId;

/** Draws message and receipt ids that grow strictly, also within a millisecond and when the clock steps back. `newest` is the last message id that was drawn elsewhere, as by an earlier process. */
export class OrderedIds {
  readonly #uuids: Uuidv7Source;
  readonly #newest: () => MessageId | undefined;

  constructor(
    now: () => number,
    random: RandomSource,
    newest: () => MessageId | undefined = () => undefined,
  ) {
    this.#uuids = new Uuidv7Source(now, random);
    this.#newest = newest;
  }

  nextMessageId(): MessageId {
    const uuid = this.#uuids.next(this.#newest()?.slice("msg_".length));
    return `msg_${uuid}` as MessageId;
  }

  nextReceiptId(): ReceiptId {
    return `rct_${this.#uuids.next()}` as ReceiptId;
  }
}

/** A device id, one per installation and mesh. */
export const newDeviceId = (random: RandomSource): DeviceId => `dev_${uuidv4(random)}` as DeviceId;

/** A session id, one per agent session and mesh. */
export const newSessionId = (random: RandomSource): SessionId =>
  `ses_${uuidv4(random)}` as SessionId;

/** A file id, one per shared file. */
export const newFileId = (random: RandomSource): FileId => `fil_${uuidv4(random)}` as FileId;

/** A topic id, one per topic that somebody makes. */
export const newTopicId = (random: RandomSource): TopicId => `top_${uuidv4(random)}` as TopicId;

/** A request id, one per call. */
export const newRequestId = (random: RandomSource): RequestId =>
  `req_${uuidv4(random)}` as RequestId;
