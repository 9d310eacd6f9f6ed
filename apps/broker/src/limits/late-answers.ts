import type { Duplex } from "node:stream";
import type { Timer } from "../timer.ts";

/** how long an answer is kept back: whoever waits for one before it asks again asks ten times a second at most, with each socket */
const lateMs = 100;
/** sockets that wait for theirs; more are answered at once, so that a flood holds no more than this */
const most = 2_000;

/** Answers late whoever asks too often, so that a flood that waits for its answers slows itself down. */
export class LateAnswers {
  readonly #timer: Timer;
  #waiting = 0;

  constructor(timer: Timer) {
    this.#timer = timer;
  }

  /** Runs `answer` in a while, unless the socket is gone by then. */
  give(socket: Duplex, answer: () => void): void {
    if (this.#waiting >= most) {
      answer();
      return;
    }
    this.#waiting += 1;
    const over = () => {
      this.#waiting -= 1;
      cancel();
    };
    const cancel = this.#timer.after(lateMs, () => {
      socket.off("close", over);
      over();
      answer();
    });
    socket.once("close", over);
  }
}
