import { after, before, describe, test } from "node:test";
import { NatsServer, withoutNats } from "../../packages/testkit/src/cluster/nats-server.ts";
import { cluster, skip } from "../store/postgres-cluster.ts";
import { byItself } from "./by-itself.ts";
import { frozen, rekeyed, sessionRevoked } from "./ends.ts";
import { lostMailbox } from "./lost-mailbox.ts";
import { sharedData } from "./shared-data.ts";
import { TwoNodes } from "./two-nodes.ts";
import { withoutBus } from "./without-bus.ts";

const running = cluster();

describe("across two nodes of one PostgreSQL, woken by NATS", {
  skip: skip || withoutNats(),
  timeout: 300_000,
}, () => {
  let nats: NatsServer;
  let nodes: TwoNodes;
  before(async () => {
    nats = await NatsServer.start();
    nodes = await TwoNodes.start(running(), `nats://127.0.0.1:${nats.port}`);
  });
  after(async () => {
    await nodes?.[Symbol.asyncDispose]();
    await nats?.[Symbol.asyncDispose]();
  });

  describe("while it is there", { concurrency: true }, () => {
    test("a session that is revoked at one is gone from the other", () => sessionRevoked(nodes));
    test("new keys of a member end what the old ones hold open at the other", () => rekeyed(nodes));
    test("streams, claims and peers' files go between devices at both", () => sharedData(nodes));
    test("a mesh that one freezes is frozen at the other", () => frozen(nodes, running()));
    test("what brokers do by themselves is done once", () =>
      byItself(running(), `nats://127.0.0.1:${nats.port}`));
    test("a device link whose node is killed is over, and can be begun anew", () =>
      lostMailbox(nodes, running(), nats));
  });

  test("when it is gone a revoked key and a banned member are out at the other all the same", () =>
    withoutBus(nodes, nats));
});
