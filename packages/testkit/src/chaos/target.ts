import { Child } from "./child.ts";

export interface TargetOptions {
  readonly name: string;
  /** the program, and what it is told when it starts for the `run`-th time */
  readonly program: string;
  readonly orders: (run: number, failpoint: string) => object;
  /** a line that the run with this process name printed */
  readonly said: (process: string, line: unknown) => void;
  readonly ended: (process: string, how: string) => void;
}

/** A program that is killed and started again, one process at a time. */
export class Target {
  readonly #options: TargetOptions;
  #child: Child | undefined;
  #run = 0;
  /** whether a fault is at work on it; one at a time */
  isBusy = false;

  constructor(options: TargetOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  get isRunning(): boolean {
    return this.#child !== undefined && !this.#child.isOver;
  }

  get child(): Child {
    if (this.#child === undefined) throw new Error(`${this.name} was never started`);
    return this.#child;
  }

  /** Starts it; settles at the first line that it prints, or at its end. */
  async start(failpoint = ""): Promise<void> {
    this.#run += 1;
    const process = `${this.name}#${this.#run}`;
    const first = Promise.withResolvers<void>();
    const { program, orders, said, ended } = this.#options;
    this.#child = new Child(program, orders(this.#run, failpoint), {
      said: (line) => {
        said(process, line);
        first.resolve();
      },
      ended: (how) => {
        ended(process, how);
        first.resolve();
      },
    });
    await first.promise;
  }
}
