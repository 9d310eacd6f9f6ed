import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { systemTimer } from "../timer.ts";
import { allowedUrls, refusedUrls } from "./cases.ts";
import { GuardedFetch, type GuardedFetchOptions } from "./guarded-fetch.ts";
import { isAllowed, ownNetworks } from "./public-address.ts";

const guarded = (options: Partial<GuardedFetchOptions> = {}) =>
  new GuardedFetch({ own: [], timer: systemTimer, ...options });

const get = (url: string) => ({ url, method: "GET" }) as const;

/** A server of this machine that notes what it is asked, and its port. */
async function serve(listener: RequestListener) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    listener(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    port,
    [Symbol.dispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}

test("over 200 spellings of what is not public are refused, each for what it is", () => {
  const all = Object.values(refusedUrls).flat();
  assert.ok(all.length > 200, String(all.length));
  const passed = all.filter((url) => {
    try {
      guarded().check(url);
      return true;
    } catch (error) {
      assert.equal((error as { code?: string }).code, "malformed", url);
      return false;
    }
  });
  assert.deepEqual(passed, []);
});

test("what is public is not refused, next to ranges that are", () => {
  for (const url of allowedUrls) guarded().check(url);
});

test("an operator's own networks are asked besides, and nothing else", () => {
  const own = ownNetworks(["10.0.0.0/8", "127.0.0.1", "fd00::/8"]);
  const fetch = guarded({ own });
  fetch.check("http://10.1.2.3:22/");
  fetch.check("http://127.0.0.1:1/");
  fetch.check("http://[fd00::1]/");
  assert.ok(isAllowed("::ffff:10.0.0.1", own), "the same address in another form");
  for (const url of ["http://127.0.0.2/", "http://192.168.0.1/", "http://[fe80::1]/"]) {
    assert.throws(() => fetch.check(url), { code: "malformed" }, url);
  }
});

test("a name that stands for an address of one's own is not asked, whichever of its addresses that is", async () => {
  using here = await serve((_request, response) => response.end("secret"));
  const rows = [
    ["127.0.0.1"],
    ["::1"],
    ["10.0.0.1"],
    ["169.254.169.254"],
    ["::ffff:127.0.0.1"],
    ["64:ff9b::7f00:1"],
    ["2002:7f00:1::"],
    ["fe80::1%lo"],
    ["93.184.215.14", "127.0.0.1"],
    ["127.0.0.1", "93.184.215.14"],
    [],
    ["not an address"],
  ];
  for (const addresses of rows) {
    const resolve = async () =>
      addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
    const asking = guarded({ resolve }).ask(get(`http://rebound.example.org:${here.port}/`));
    await assert.rejects(asking, /not one of the public internet/, addresses.join());
  }
  assert.deepEqual(here.asked, []);
});

test("a name is looked up and judged anew for each question, so that one that has moved leads nowhere", async () => {
  using here = await serve((_request, response) => response.end("secret"));
  const fetch = guarded({ own: ownNetworks(["127.0.0.1"]) });
  assert.equal((await fetch.ask(get(`http://127.0.0.1:${here.port}/`))).body.toString(), "secret");
  let asked = 0;
  const rebinding = guarded({
    resolve: async () => {
      asked += 1;
      return [{ address: asked === 1 ? "127.0.0.1" : "10.0.0.1", family: 4 }];
    },
    own: ownNetworks(["127.0.0.1"]),
  });
  const url = get(`http://rebound.example.org:${here.port}/`);
  assert.equal((await rebinding.ask(url)).status, 200);
  await assert.rejects(rebinding.ask(url), { code: "malformed" });
});

test("redirects are followed a few times, each looked at anew, and headers go to no other host", async () => {
  const seen: (string | undefined)[] = [];
  using other = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.end("there");
  });
  using here = await serve(({ url = "", headers }, response) => {
    const [, to = ""] = /\?to=(.*)$/.exec(url) ?? [];
    if (url === "/own") seen.push(headers.authorization);
    const location = url.startsWith("/loop") ? "/loop" : decodeURIComponent(to);
    response.writeHead(location === "" ? 200 : 302, location === "" ? {} : { location });
    response.end();
  });
  const fetch = guarded({ own: ownNetworks(["127.0.0.1"]) });
  const base = `http://127.0.0.1:${here.port}`;
  const secret = { headers: { Authorization: "Bearer secret" } };
  const leadTo = (to: string) =>
    fetch.ask({ ...get(`${base}/?to=${encodeURIComponent(to)}`), ...secret });
  assert.equal((await leadTo(`http://127.0.0.1:${other.port}/`)).body.toString(), "there");
  assert.equal((await leadTo("/own")).status, 200);
  assert.deepEqual(seen, [undefined, "Bearer secret"]);
  for (const to of [
    "http://127.0.0.2/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://2130706434/",
    "file:///etc/passwd",
    "http://user@127.0.0.1/",
    "//10.0.0.1/",
  ]) {
    await assert.rejects(leadTo(to), { code: "malformed" }, to);
  }
  await assert.rejects(fetch.ask(get(`${base}/loop`)), /too often/);
});

test("an answer that is too long, or never whole, is given up", async () => {
  using here = await serve(({ url }, response) => {
    if (url === "/long") response.end(Buffer.alloc(2 * 1024 * 1024));
    else response.write("begin");
  });
  const own = ownNetworks(["127.0.0.1"]);
  const base = `http://127.0.0.1:${here.port}`;
  await assert.rejects(guarded({ own }).ask(get(`${base}/long`)), { code: "too_large" });
  const soon = {
    ...systemTimer,
    after: (_ms: number, run: () => void) => systemTimer.after(50, run),
  };
  await assert.rejects(guarded({ own, timer: soon }).ask(get(`${base}/slow`)), {
    code: "timeout",
  });
  for (const name of ["Host", "Content-Length", "transfer-encoding", "Proxy-Authorization"]) {
    const asking = guarded({ own }).ask({ ...get(base), headers: { [name]: "1" } });
    await assert.rejects(asking, { code: "malformed" }, name);
  }
});
