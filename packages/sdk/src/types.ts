import type {
  CaughtUp,
  Hello,
  Input,
  LogEvent,
  Methods,
  Output,
  PassingEvent,
  Receipt,
  ReceiptReply,
  WelcomeFrame,
  WireOpName,
} from "@claudemesh/protocol";

/** The part of a WebSocket that the SDK needs: the browser's and Node's own both have it. */
export interface SocketLike {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  /** drops the connection without a closing handshake, where the platform can */
  terminate?(): void;
  addEventListener(type: "open", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(
    type: "close",
    listener: (event: { code: number; reason: string }) => void,
  ): void;
  addEventListener(type: "error", listener: (event: unknown) => void): void;
}

/** Signs a hello for this connection's challenge and the host that was dialled. */
export type HelloSigner = (on: { challenge: string; host: string; at: number }) => Hello;

export interface ClientOptions {
  /** `http(s)://host:port` of the broker; a path is kept in front of `/v1/ws` */
  readonly url: string;
  /** without it the connection is anonymous: public operations only */
  readonly member?: {
    readonly sign: HelloSigner;
    readonly purpose: "feed" | "call";
    /** read at every connect, so that a reconnect resumes where the device has stored to */
    readonly cursor?: () => string | undefined;
    /** told of what passes by on a feed and is not in the log; who is away misses it */
    readonly onPassing?: (event: PassingEvent) => void;
  };
  readonly client?: string;
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  readonly connect?: (url: string) => SocketLike;
  /** false: the first loss of the connection ends the client; default true */
  readonly reconnect?: boolean;
  readonly callTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** runs `fn` after `ms`; answers a canceller. Injected so that simulations own time */
  readonly timer?: (ms: number, fn: () => void) => () => void;
}

export type LinkState =
  | { readonly link: "connecting"; readonly attempt: number }
  | { readonly link: "open"; readonly welcome: WelcomeFrame | undefined }
  | { readonly link: "waiting"; readonly retryInMs: number; readonly reason: string }
  | { readonly link: "closed"; readonly reason: string; readonly closeCode?: number };

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  /** where the caller's own trace stands (W3C `traceparent`); told to a broker that sends traces, and to no other */
  readonly trace?: string;
}

/** An event of the log that this version cannot read, at its place: store the position, tell somebody, go on. */
export interface UnreadableEvent {
  readonly type: "event";
  readonly kind: "unreadable";
  readonly seq: number;
  readonly reason: string;
}

export type ClientEvent = CaughtUp | LogEvent | UnreadableEvent;

/** `WireClient` with per-call options. */
export type WireMethods = Methods<
  WireOpName,
  { [N in WireOpName]: (input: Input<N>, options?: CallOptions) => Promise<Output<N>> }
>;

/** One connection to a broker, kept open. Typed methods per operation (`client.mesh.info({})`), events as an async iterator. */
export interface Client extends WireMethods, AsyncDisposable {
  /** host:port as dialled; what hello and invite proofs name */
  readonly host: string;
  /** Settles at the first welcome (members) or challenge (anonymous); rejects with the reason when the client gives up. */
  ready(): Promise<WelcomeFrame | undefined>;
  /** The current connection's challenge, for invite proofs. */
  challenge(): Promise<string>;
  /** The log from the cursor on, then live; one reader. Ends when the client closes. Not reading is back-pressure. */
  events(): AsyncIterable<ClientEvent>;
  /** Any operation by its name; what the typed methods do. */
  call<N extends WireOpName>(name: N, input: Input<N>, options?: CallOptions): Promise<Output<N>>;
  /** Says what is durable here, with receipts; answers the cursor to keep. */
  acknowledge(input: { seq?: number; receipts?: readonly Receipt[] }): Promise<ReceiptReply>;
  /** How the connection stands, now and at each change, until it has ended. */
  states(): AsyncIterable<LinkState>;
  /** Waits for outstanding calls, then closes. */
  drain(): Promise<void>;
  /** Ends at once; outstanding calls reject with `cancelled`. */
  close(): Promise<void>;
}
