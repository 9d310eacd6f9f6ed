import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { test } from "node:test";
import { newFileId, systemRandom } from "@claudemesh/crypto";
import { type FileId, limits } from "@claudemesh/protocol";
import { startBroker } from "../broker/support/broker.ts";
import { addMember, foundMesh } from "../broker/support/member.ts";
import { openSocket, parseAnswer, untilClosed } from "../hardening/raw-http.ts";

const bytes = limits.filePartBytes + 20;

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
}

/** Sends a body of so many bytes, whatever it says of itself. */
async function put(url: string, ticket: string, length: number, said = length): Promise<Answer> {
  const sent = request(url, {
    method: "PUT",
    headers: { authorization: `Bearer ${ticket}`, "content-length": said },
  });
  sent.on("error", () => {});
  sent.end(Buffer.alloc(length));
  const [answer] = await once(sent, "response");
  let text = "";
  for await (const chunk of answer) text += chunk;
  const { error } = text === "" ? { error: undefined } : JSON.parse(text);
  return { status: answer.statusCode, code: error?.code };
}

test("the route of bytes takes what its ticket says, and nothing else from nobody else", async () => {
  let ahead = 0;
  await using at = await startBroker({}, { now: () => Date.now() + ahead });
  const alice = await foundMesh(at.url);
  const bob = await addMember(alice);
  const [byAlice, byBob] = [await alice.connect(), await bob.connect()];
  const id = newFileId(systemRandom);
  const other = newFileId(systemRandom);
  const begin = (file = id, size = bytes) => byAlice.call("file.begin", { id: file, bytes: size });
  const { ticket, parts } = (await begin()) as { ticket: string; parts: number[] };
  assert.deepEqual(parts, []);
  const part = (n: number | string, file = id) => `${at.url}/v1/blobs/${file}/${n}`;

  const forged = [
    "",
    "x",
    `${ticket}x`,
    ticket.slice(0, -1),
    `.${ticket.split(".")[1]}`,
    `${ticket.split(".")[0]}.`,
    Buffer.from(JSON.stringify({ does: "put", file: id })).toString("base64url"),
  ];
  for (const wrong of forged) {
    assert.deepEqual(await put(part(1), wrong, 20), { status: 401, code: "unauthorized" }, wrong);
  }
  assert.equal((await put(part(1, other), ticket, 20)).status, 403);
  for (const n of ["2", "-1", "x", "1.5", "", "1/..", "999999", "1e0"]) {
    assert.ok((await put(part(n), ticket, 20)).status >= 400, n);
  }
  assert.equal((await put(part(1), ticket, 21)).code, "malformed");
  assert.equal((await put(part(1), ticket, 19)).code, "malformed");
  const got = await fetch(`${at.url}/v1/blobs/${id}`, {
    headers: { authorization: `Bearer ${ticket}` },
  });
  assert.equal(got.status, 405);
  assert.deepEqual(((await begin()) as { parts: number[] }).parts, []);

  assert.equal((await put(part(1), ticket, 20)).status, 204);
  assert.equal((await put(part(0), ticket, limits.filePartBytes)).status, 204);
  assert.deepEqual(((await begin()) as { parts: number[] }).parts, [0, 1]);
  await assert.rejects(byBob.call("file.begin", { id, bytes }), { code: "conflict" });
  await assert.rejects(begin(id, bytes + 1), { code: "conflict" });

  ahead = limits.ticketMs + 1;
  assert.equal((await put(part(1), ticket, 20)).status, 401);
  await byAlice.close();
  await byBob.close();
});

test("an upload of which nothing came goes after an hour, one of which a part came a week after its last day", async () => {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  await using at = await startBroker({}, { now });
  const alice = await foundMesh(at.url);
  const client = await alice.connect();
  const hour = 3_600_000;
  const { read, write } = at.broker.store;
  const held = async () => (await read.fileTotals(alice.mesh)).bytes;
  const ids = [newFileId(systemRandom), newFileId(systemRandom)] as const;
  const begin = async (id: FileId) =>
    ((await client.call("file.begin", { id, bytes: 20 })) as { ticket: string }).ticket;
  const [, ticket] = [await begin(ids[0]), await begin(ids[1])];
  const url = `${at.url}/v1/blobs/${ids[1]}/0`;
  assert.equal((await put(url, ticket, 20)).status, 204);
  const sweep = async () => (await write.forgetFiles({ now: now(), limit: 10 })).length;
  assert.equal(await held(), 40);
  ahead = hour - 60_000;
  assert.equal(await sweep(), 0);
  ahead = hour + 60_000;
  assert.equal(await sweep(), 1);
  assert.equal(await held(), 20);
  // A part that comes days later keeps it from then on.
  ahead = 5 * 24 * hour;
  assert.equal((await put(url, await begin(ids[1]), 20)).status, 204);
  ahead = 11 * 24 * hour;
  assert.equal(await sweep(), 0);
  ahead = 13 * 24 * hour;
  assert.equal(await sweep(), 1);
  assert.equal(await held(), 0);
  await client.close();
});

test("a body that stalls is given up, and leaves nothing", async () => {
  await using at = await startBroker({ headersMs: 300 });
  const alice = await foundMesh(at.url);
  const client = await alice.connect();
  const id = newFileId(systemRandom);
  const { ticket } = (await client.call("file.begin", { id, bytes: 1_000 })) as { ticket: string };
  const { port } = at.broker;
  const ended = Array.from({ length: 4 }, () => {
    const socket = openSocket(port);
    socket.write(
      `PUT /v1/blobs/${id}/0 HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer ${ticket}\r\nContent-Length: 1000\r\n\r\nsome`,
    );
    return untilClosed(socket);
  });
  for (const answer of await Promise.all(ended)) {
    assert.ok(answer === "" || parseAnswer(answer).status >= 400, answer);
  }
  const again = (await client.call("file.begin", { id, bytes: 1_000 })) as { parts: number[] };
  assert.deepEqual(again.parts, []);
  await client.close();
});
