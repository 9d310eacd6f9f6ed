import type { NewsEvent } from "@claudemesh/device";
import { newsKind, newsSubject } from "@claudemesh/device";
import type { MeshId } from "@claudemesh/protocol";
import type { NewsWish } from "./news-wish.ts";
import type { Aside } from "./pushes.ts";

/** Subjects that wait for one session, and those that it is told of at once. */
const mostWaiting = 100;
const mostTold = 12;
/** What comes close together goes in one push. */
const gatherMs = 1_000;

interface Waiting {
  /** the newest event of each subject, in the order in which they came */
  readonly events: Map<string, NewsEvent>;
  /** subjects that were not kept */
  dropped: number;
  cancel: (() => void) | undefined;
}

interface NewsParts {
  readonly timer: (ms: number, fn: () => void) => () => void;
  /** the meshes that a session is in now */
  readonly meshes: (agentSession: string) => readonly MeshId[];
  readonly wish: (agentSession: string) => NewsWish;
  /** says what happened in a mesh; undefined where nothing is to be said of it */
  readonly say: (mesh: MeshId, events: readonly NewsEvent[]) => string | undefined;
  /** pushes a text into a session */
  readonly push: (agentSession: string, text: string) => Aside;
}

/**
 * What happened in the meshes on its way into agent sessions: of what changed often the newest alone, a few lines at a time. It is told at the next boundary, or with the next message;
 * only what a session wishes to be woken by is pushed. Nobody has to have seen it: what is not taken in time gives way.
 */
export class News {
  readonly #parts: NewsParts;
  readonly #waiting = new Map<string, Waiting>();

  constructor(parts: NewsParts) {
    this.#parts = parts;
  }

  /** Keeps an event for a session that wishes for its kind. */
  put(agentSession: string, event: NewsEvent): void {
    const kind = newsKind(event);
    const wish = this.#parts.wish(agentSession);
    if (kind === undefined || !wish.kinds.has(kind)) return;
    const waiting = this.#of(agentSession);
    const subject = newsSubject(event);
    waiting.events.delete(subject);
    waiting.events.set(subject, event);
    const [oldest] = waiting.events.keys();
    if (waiting.events.size > mostWaiting && oldest !== undefined) {
      waiting.events.delete(oldest);
      waiting.dropped += 1;
    }
    if (wish.wakes.has(kind)) this.#pushSoon(agentSession, waiting);
  }

  /** What waits for a session, as it is told now, if that is at most so long; from then on it counts as told. */
  take(agentSession: string, mostChars: number): string | undefined {
    const waiting = this.#waiting.get(agentSession);
    const text = waiting && this.#said(agentSession, waiting);
    if (text !== undefined && text.length > mostChars) return undefined;
    this.forget(agentSession);
    return text;
  }

  forget(agentSession: string): void {
    this.#waiting.get(agentSession)?.cancel?.();
    this.#waiting.delete(agentSession);
  }

  #of(agentSession: string): Waiting {
    const known = this.#waiting.get(agentSession);
    if (known !== undefined) return known;
    const waiting: Waiting = { events: new Map(), dropped: 0, cancel: undefined };
    this.#waiting.set(agentSession, waiting);
    return waiting;
  }

  #pushSoon(agentSession: string, waiting: Waiting): void {
    waiting.cancel ??= this.#parts.timer(gatherMs, () => {
      waiting.cancel = undefined;
      const text = this.#said(agentSession, waiting);
      const became = text === undefined ? "pushed" : this.#parts.push(agentSession, text);
      if (became === "pushed") this.forget(agentSession);
      if (became === "later") this.#pushSoon(agentSession, waiting);
    });
  }

  /** The newest of what waits, by mesh. */
  #said(agentSession: string, { dropped, events }: Waiting): string | undefined {
    const meshes = this.#parts.meshes(agentSession);
    const { kinds } = this.#parts.wish(agentSession);
    const meant = [...events.values()].filter((event) => {
      const kind = newsKind(event);
      return kind !== undefined && kinds.has(kind) && meshes.includes(event.mesh);
    });
    const told = meant.slice(-mostTold);
    const texts = meshes.flatMap((mesh) => {
      const ofMesh = told.filter((event) => event.mesh === mesh);
      return ofMesh.length === 0 ? [] : (this.#parts.say(mesh, ofMesh) ?? []);
    });
    const more = dropped + meant.length - told.length;
    if (texts.length === 0) return undefined;
    return [...texts, ...(more === 0 ? [] : [`(${more} earlier changes are not listed)`])].join(
      "\n",
    );
  }
}
