/** Whole text frames of a server, one behind the other in one piece of memory (RFC 6455, section 5.2). */
export function textFrames(texts: readonly (string | Buffer)[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const total = lengths.reduce((sum, length) => sum + headLength(length) + length, 0);
  const frames = Buffer.allocUnsafe(total);
  let at = 0;
  for (const [index, text] of texts.entries()) {
    const length = lengths[index] as number;
    at = writeHead(frames, at, length);
    if (typeof text === "string") frames.write(text, at);
    else text.copy(frames, at);
    at += length;
  }
  return frames;
}

const headLength = (length: number): number => (length < 126 ? 2 : length <= 0xffff ? 4 : 10);

/** The last frame of a message, which it is the whole of, and text. */
const wholeText = 0x81;

function writeHead(frames: Buffer, start: number, length: number): number {
  const at = frames.writeUInt8(wholeText, start);
  if (length < 126) return frames.writeUInt8(length, at);
  if (length <= 0xffff) return frames.writeUInt16BE(length, frames.writeUInt8(126, at));
  return frames.writeBigUInt64BE(BigInt(length), frames.writeUInt8(127, at));
}
