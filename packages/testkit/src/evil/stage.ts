import type {
  DeviceApi,
  InviteCode,
  MemberId,
  MeshId,
  MessageId,
  OpenOutput,
} from "@claudemesh/protocol";
import type { Attacker } from "./attacker.ts";
import type { EvilBroker } from "./evil-broker.ts";

/** A person with a real device, in one mesh. */
export interface Person {
  readonly name: string;
  readonly mesh: MeshId;
  readonly member: MemberId;
  /** the device's operations; another device of the same home after `restart` */
  readonly api: DeviceApi;
  send(to: string, text: string): Promise<OpenOutput<"message.send">>;
  /** The inbox, confirmed as shown. */
  read(): Promise<OpenOutput<"message.inbox">>;
  status(id: MessageId): Promise<OpenOutput<"message.status">>;
  /** Ends the program and starts it again, on the same home. */
  restart(): Promise<void>;
  /** An agent session of this person, attached to the mesh. */
  openSession(): Promise<OpenedSession>;
}

/** A running agent session, as its own person's device knows it. */
export interface OpenedSession {
  /** first 16 hex digits of its signing key */
  readonly key: string;
  /** Texts that it is shown, when some come within the time. */
  read(wait: string): Promise<readonly string[]>;
  /** Ends it, while its device goes on. */
  end(): Promise<void>;
  /** Ends it, and the connection that was kept for it. */
  close(): Promise<void>;
}

/** Someone who is in no mesh yet, with a home of their own. */
export interface Newcomer {
  readonly name: string;
  readonly api: DeviceApi;
}

/** Alice's mesh at the evil broker: alice owns it, bob and carol are members, mallory is the broker's accomplice. */
export interface Stage {
  readonly broker: EvilBroker;
  /** URL of the true broker behind the evil one */
  readonly behind: string;
  readonly mesh: MeshId;
  readonly alice: Person;
  readonly bob: Person;
  readonly carol: Person;
  readonly mallory: Attacker;
  /** the code by which mallory joined */
  readonly malloryCode: InviteCode;
  /** The code of the last invite that alice made in a scene. */
  code(): InviteCode;
  tellCode(code: string): void;
  /** A device in a new home. */
  newcomer(): Promise<Newcomer>;
  /** The same people in a second mesh at the same broker; made on first need. */
  second(): Promise<{ readonly alice: Person; readonly bob: Person; readonly mallory: Attacker }>;
  /** Another true broker, started on first need. */
  elsewhere(): Promise<string>;
  /** Ends, for every device, all waits of five seconds or more that are under way. */
  loseIfPatient(): void;
  /** Moves every device's clock forward. */
  forward(ms: number): void;
  /** A text that nobody has written yet. */
  text(): string;
  /** What was truly written, as `<sender's name>: <text>`. */
  readonly written: Set<string>;
}
