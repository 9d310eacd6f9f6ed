import assert from "node:assert/strict";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { test } from "node:test";
import * as ws from "ws";
import { textFrames } from "./text-frames.ts";

test("frames of any length and alphabet are read back by ws, one by one", async () => {
  const lengths = [0, 1, 125, 126, 127, 0xffff, 0x10000, 0x10001];
  const texts = [
    ...lengths.map((length) => "x".repeat(length)),
    ...["é", "😀", "\u0000", `${"y".repeat(124)}é`],
  ];
  // What reads frames in `ws`; its types leave it out.
  const { Receiver } = ws as unknown as { Receiver: new (how: { isServer: boolean }) => Writable };
  const receiver = new Receiver({ isServer: false });
  const read: string[] = [];
  receiver.on("message", (data: Buffer, isBinary: boolean) => {
    assert.equal(isBinary, false);
    read.push(data.toString());
  });
  const mixed = texts.map((text, index) => (index % 2 === 0 ? text : Buffer.from(text)));
  receiver.end(textFrames(mixed));
  await once(receiver, "finish");
  assert.deepEqual(read, texts);
});
