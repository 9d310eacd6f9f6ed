import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { EventLog } from "../event-log.ts";
import type { Turn } from "../scenario.ts";
import { Gates } from "./gates.ts";
import { streamAnswer, wholeAnswer } from "./model-answer.ts";
import { isAuxiliary, type ModelBody, type ModelRequest } from "./model-request.ts";

const atItsEnd: Turn = { say: "the script has no further turn" };

/** The model of a scenario: answers the conversation's requests turn by turn, and keeps every request. */
export class ScriptedModel {
  /** requests of the conversation, in order: the n-th is answered with turn n */
  readonly requests = new EventLog<ModelRequest>("request to the model");
  /** turns of the script that were answered */
  readonly answered = new EventLog<Turn>("answer of the model");
  readonly auxiliary: ModelRequest[] = [];
  readonly gates = new Gates();
  readonly #turns: Turn[];

  constructor(turns: readonly Turn[]) {
    this.#turns = [...turns];
  }

  get turns(): number {
    return this.#turns.length;
  }

  /** Adds turns at the end of the script. */
  extend(...turns: readonly Turn[]): void {
    this.#turns.push(...turns);
  }

  /** Answers `POST /v1/messages` and `POST /v1/messages/count_tokens`. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = (await json(request)) as ModelBody;
    const session = request.headers["x-claude-code-session-id"] as string | undefined;
    const counts = path.endsWith("/count_tokens");
    const auxiliary = counts || isAuxiliary(body);
    const recorded: ModelRequest = { body, session, auxiliary };
    if (!auxiliary) return await this.#answer(recorded, response);
    this.auxiliary.push(recorded);
    if (counts) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ input_tokens: 1 }));
    } else if (body.stream === true) streamAnswer(response, body.model, { say: "{}" }, 0);
    else wholeAnswer(response, body.model, "{}");
  }

  async #answer(request: ModelRequest, response: ServerResponse): Promise<void> {
    const index = this.requests.items.length;
    this.requests.add(request);
    const turn = this.#turns[index] ?? atItsEnd;
    if (turn.after !== undefined) await this.gates.passed(turn.after);
    streamAnswer(response, request.body.model, turn, index);
    this.answered.add(turn);
  }
}
