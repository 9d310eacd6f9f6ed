import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import fc from "fast-check";
import { ClientAddresses, isOwnMachine, networkOf } from "./client-address.ts";

const requestFrom = (remoteAddress: string | undefined, forwarded?: string) =>
  ({
    socket: { remoteAddress },
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  }) as unknown as IncomingMessage;

test("without a trusted proxy no header says who asks", () => {
  const addresses = new ClientAddresses([]);
  fc.assert(
    fc.property(fc.string(), (forwarded) => {
      assert.equal(addresses.client(requestFrom("203.0.113.9", forwarded)), "203.0.113.9");
    }),
  );
});

test("behind trusted proxies the nearest stranger asks, whatever strangers wrote before it", () => {
  const addresses = new ClientAddresses(["10.0.0.0/8", "fd00::/8", "127.0.0.1"]);
  const cases = [
    ["10.1.2.3", "203.0.113.9", "203.0.113.9"],
    ["::ffff:10.1.2.3", "203.0.113.9", "203.0.113.9"],
    ["10.1.2.3", "1.1.1.1, 203.0.113.9", "203.0.113.9"],
    ["10.1.2.3", "1.1.1.1, 203.0.113.9, 10.9.9.9", "203.0.113.9"],
    ["fd00::1", "2001:db8::7", "2001:db8::7"],
    ["127.0.0.1", "::ffff:203.0.113.9", "203.0.113.9"],
    ["10.1.2.3", "203.0.113.9, nonsense", "10.1.2.3"],
    ["10.1.2.3", "nonsense, 203.0.113.9", "203.0.113.9"],
    ["10.1.2.3", undefined, "10.1.2.3"],
    ["10.1.2.3", "10.4.4.4, 10.5.5.5", "10.4.4.4"],
    ["203.0.113.1", "10.1.2.3", "203.0.113.1"],
    [undefined, "10.1.2.3", "unknown"],
  ] as const;
  for (const [peer, forwarded, client] of cases) {
    assert.equal(addresses.client(requestFrom(peer, forwarded)), client, `${peer} ${forwarded}`);
  }
});

test("an IPv6 network is one address for limits, however it is written", () => {
  assert.equal(networkOf("2001:db8::1"), networkOf("2001:0DB8:0:0:ffff::2"));
  assert.notEqual(networkOf("2001:db8::1"), networkOf("2001:db8:0:1::1"));
  assert.equal(networkOf("::1"), "0:0:0:0::/64");
  assert.equal(networkOf("203.0.113.9"), "203.0.113.9");
});

test("this machine is told from others", () => {
  for (const own of ["127.0.0.1", "127.9.9.9", "::1"]) assert.ok(isOwnMachine(own));
  for (const other of ["10.0.0.1", "2001:db8::1", "unknown", ""]) assert.ok(!isOwnMachine(other));
});
