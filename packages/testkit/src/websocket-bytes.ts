const headEnd = "\r\n\r\n";

/**
 * One direction of a recorded connection in clear: the HTTP head, then the payload of every frame, with the client's mask taken off
 * (RFC 6455 section 5.2). A last frame that was cut off is given as far as it came; a connection that is plain HTTP is given as it is.
 */
export function clearBytes(parts: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  const end = bytes.indexOf(headEnd);
  const head = bytes.subarray(0, end < 0 ? bytes.length : end + headEnd.length);
  if (end < 0 || !/^upgrade: websocket/im.test(head.toString("latin1"))) return bytes;
  return Buffer.concat([head, ...payloads(bytes, head.length)]);
}

function* payloads(bytes: Buffer, start: number): Generator<Buffer> {
  let at = start;
  while (at + 2 <= bytes.length) {
    const second = bytes.readUInt8(at + 1);
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const isMasked = (second & 0x80) !== 0;
    const body = at + 2 + lengthBytes + (isMasked ? 4 : 0);
    if (body > bytes.length) return;
    const length =
      lengthBytes === 0
        ? short
        : lengthBytes === 2
          ? bytes.readUInt16BE(at + 2)
          : Number(bytes.readBigUInt64BE(at + 2));
    const payload = bytes.subarray(body, body + length);
    yield isMasked ? unmasked(payload, bytes.subarray(body - 4, body)) : payload;
    at = body + length;
  }
}

const unmasked = (payload: Buffer, mask: Buffer): Buffer =>
  Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
