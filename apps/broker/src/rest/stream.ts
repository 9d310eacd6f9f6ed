import { LogPlace, MeshError, parse, type RestStream } from "@claudemesh/protocol";
import type { KeyCaller } from "../api-keys/key-actor.ts";
import { keyFeed } from "../api-keys/key-feed.ts";
import { topicView, wholeView } from "../api-keys/key-view.ts";
import { requireRule } from "../api-keys/require-reach.ts";
import type { Services } from "../handler.ts";
import type { FeedHub } from "../log/feed-hub.ts";
import type { Logger } from "../logger.ts";
import { topicNamed } from "../ops/topic/topic-named.ts";
import type { Timer } from "../timer.ts";
import { EventOutlet } from "./event-outlet.ts";
import { readQuery } from "./read-input.ts";
import type { Exchange } from "./reply.ts";
import type { FoundRoute } from "./route-table.ts";

export interface StreamParts {
  readonly services: Services;
  readonly hub: FeedHub;
  readonly timer: Timer;
  readonly log: Logger;
}

/** Answers with a stream of events until the reader, the key or the broker ends it. */
export async function stream(
  declared: RestStream,
  { params }: FoundRoute,
  exchange: Exchange,
  actor: KeyCaller,
  { hub, log, services, timer }: StreamParts,
): Promise<void> {
  const { request, response, requestId } = exchange;
  const { config, keyLines, rosters } = services;
  const input = declared.query;
  const asked = parse(input, readQuery(request.url ?? "", { input }), "query").after;
  const last = request.headers["last-event-id"];
  const place = last === undefined ? asked : parse(LogPlace, String(last), "last-event-id");
  const roster = await rosters.open(actor.mesh);
  const ctx = { ...services, actor, roster };
  const topic = params.topic === undefined ? undefined : await topicNamed(params.topic, ctx);
  if (params.topic !== undefined && topic === undefined) {
    throw new MeshError("not_found", "topic: there is no topic of that name");
  }
  requireRule(declared.key, actor.key, ctx, topic);
  const spans = topic === undefined ? await wholeView(ctx) : [await topicView(topic, ctx)];
  let outlet: EventOutlet | undefined;
  const leave = keyLines.open({ actor, end: (code) => outlet?.end(code) });
  let feed: { stop(): void } | undefined;
  const close = () => {
    leave();
    feed?.stop();
  };
  response.once("close", close);
  try {
    feed = await keyFeed({
      services,
      hub,
      actor,
      roster,
      after: place,
      view: async () => spans,
      widens: topic === undefined && actor.key.topics === undefined,
      outlet: {
        get full() {
          return outlet?.full ?? false;
        },
        drained: async () => await begin().drained(),
        send: (message) => begin().send(message),
      },
      onFailure: (cause) => {
        log.error("stream failed", { requestId, key: actor.key.id, cause });
        response.destroy();
      },
    });
  } catch (error) {
    response.off("close", close);
    close();
    throw error;
  }
  if (response.destroyed) close();
  else begin();

  function begin(): EventOutlet {
    if (outlet !== undefined) return outlet;
    response.writeHead(200, {
      ...exchange.headers,
      "Content-Type": "text/event-stream",
      "X-Accel-Buffering": "no",
    });
    const { giveUpMs, highWaterBytes } = config;
    outlet = new EventOutlet({ response, timer, giveUpMs, highWaterBytes });
    return outlet;
  }
}
