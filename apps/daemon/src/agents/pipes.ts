import type { PipeBody } from "@claudemesh/local-link";

/** One open push-pipe: a line goes to the agent session's own child process. */
export interface Pipe {
  readonly body: PipeBody;
  send(line: object): void;
  end(): void;
}

/** The push-pipes of all agents, by the agent's process. An agent may start its child twice: the newest works, an older one takes over when that ends. */
export class Pipes {
  readonly #byPid = new Map<number, Pipe[]>();

  add(pipe: Pipe): void {
    const { pid } = pipe.body;
    this.#byPid.set(pid, [...(this.#byPid.get(pid) ?? []), pipe]);
  }

  /** Answers whether it was the one that works. */
  remove(pipe: Pipe): boolean {
    const { pid } = pipe.body;
    const all = this.#byPid.get(pid) ?? [];
    const rest = all.filter((one) => one !== pipe);
    if (rest.length === 0) this.#byPid.delete(pid);
    else this.#byPid.set(pid, rest);
    return all.at(-1) === pipe;
  }

  /** The pipe of an agent's process that works. */
  of(pid: number): Pipe | undefined {
    return this.#byPid.get(pid)?.at(-1);
  }

  all(): Pipe[] {
    return [...this.#byPid.values()].flat();
  }
}
