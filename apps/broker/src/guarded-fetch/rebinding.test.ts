import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { isIP } from "node:net";
import { test } from "node:test";
import { systemTimer } from "../timer.ts";
import { refusedUrls } from "./cases.ts";
import { hostOf } from "./check-url.ts";
import { GuardedFetch, type Resolved } from "./guarded-fetch.ts";
import { isAllowed, ownNetworks } from "./public-address.ts";

const own = ownNetworks(["127.0.0.1"]);
const publicAddress = "93.184.215.14";
const refused = Object.values(refusedUrls).flat();

/** Every address that stands in a refused URL and is not the one that the tests' own server has. */
const addresses = [
  ...new Set(
    refused
      .map((url) => URL.parse(url))
      .map((url) => (url === null ? "" : hostOf(url)))
      .filter((host) => isIP(host) !== 0 && !isAllowed(host, own)),
  ),
];

const fetchWith = (resolve: (host: string) => Promise<readonly Resolved[]>) =>
  new GuardedFetch({ own, timer: systemTimer, resolve });

const resolved = (address: string): Resolved => ({ address, family: isIP(address) });

/** A server of this machine that counts what it is asked. */
async function serve(listener: RequestListener) {
  const state = { asked: 0 };
  const server = createServer((request, response) => {
    state.asked += 1;
    listener(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    state,
    port,
    [Symbol.dispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test("a name that stands for another address at the second question is not asked again, whichever that is", async () => {
  assert.ok(addresses.length * 3 > 200, String(addresses.length));
  using here = await serve((_request, response) =>
    response.writeHead(302, { location: "/again" }).end(),
  );
  for (const address of addresses) {
    for (const next of [[address], [publicAddress, address], [address, "127.0.0.1"]]) {
      here.state.asked = 0;
      let looked = 0;
      const fetch = fetchWith(async () => {
        looked += 1;
        return (looked === 1 ? ["127.0.0.1"] : next).map(resolved);
      });
      const url = `http://rebound.example.com:${here.port}/`;
      await assert.rejects(fetch.ask({ url, method: "GET" }), { code: "malformed" }, next.join());
      assert.deepEqual([here.state.asked, looked], [1, 2], next.join());
    }
  }
});

test("nothing that is refused is reached by way of a redirect, and a post follows none", async () => {
  let location = "";
  using here = await serve((_request, response) => {
    response.writeHead(307, { location: encodeURI(decodeURI(location)) }).end();
  });
  const inside = fetchWith(async () => [resolved("10.0.0.1")]);
  const base = `http://127.0.0.1:${here.port}/`;
  const isThere = (url: string) => {
    const parsed = URL.parse(url, base);
    return parsed !== null && isAllowed(hostOf(parsed), own);
  };
  const targets = refused.filter((url) => isSendable(url) && !isThere(url));
  assert.ok(targets.length > 180, String(targets.length));
  for (const target of targets) {
    here.state.asked = 0;
    location = target;
    await assert.rejects(inside.ask({ url: base, method: "GET" }), { code: "malformed" }, target);
    assert.equal(here.state.asked, 1, target);
    const posted = await inside.ask({ url: base, method: "POST", body: "{}" });
    assert.equal(posted.status, 307);
    assert.equal(here.state.asked, 2, target);
  }
});

/** Whether a header can hold it as it is. */
function isSendable(url: string): boolean {
  try {
    return url.trim() !== "" && encodeURI(decodeURI(url)).length > 0;
  } catch {
    return false;
  }
}

test("whom the socket is connected to is looked at, should it not be whom the name was checked for", async () => {
  using here = await serve((_request, response) => response.end("secret"));
  for (const protocol of ["http", "https"]) {
    let reads = 0;
    /** Answers a public address for as long as it is checked, and another to whoever connects. */
    const turning = {
      family: 4,
      get address() {
        reads += 1;
        return reads <= 2 ? publicAddress : "127.0.0.1";
      },
    };
    const fetch = new GuardedFetch({
      own: [],
      timer: systemTimer,
      resolve: async () => [turning],
    });
    const url = `${protocol}://turning.example.com:${here.port}/`;
    const asking = fetch.ask({ url, method: "POST", body: "what nobody else may read" });
    await assert.rejects(asking, /not one of the public internet/);
    assert.ok(reads > 2, "the address that is connected to was read after the check");
  }
  assert.equal(here.state.asked, 0);
});
