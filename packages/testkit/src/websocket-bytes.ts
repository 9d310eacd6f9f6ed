const headEnd = "\r\n\r\n";

/**
 * One direction of a recorded connection in clear: the HTTP head, then the payload of every frame, with the client's mask taken off
 * (RFC 6455 section 5.2). A last frame that was cut off is given as far as it came; a connection that is plain HTTP is given as it is.
 */
export function clearBytes(parts: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  const start = framesStart(bytes);
  if (start === undefined) return bytes;
  const payloads = Array.from(frames(bytes, start), ({ payload }) => payload);
  return Buffer.concat([bytes.subarray(0, start), ...payloads]);
}

/** A frame in clear, and the place of its first byte. */
export interface ClearFrame {
  readonly at: number;
  readonly payload: Buffer;
}

/** The frames of one direction of a connection; none when it is plain HTTP. */
export function clearFrames(bytes: Buffer): ClearFrame[] {
  const start = framesStart(bytes);
  return start === undefined ? [] : [...frames(bytes, start)];
}

/** Where a connection's HTTP head ends and its frames begin; undefined when it is plain HTTP. */
function framesStart(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(headEnd);
  const head = bytes.subarray(0, end < 0 ? bytes.length : end + headEnd.length);
  if (end < 0 || !/^upgrade: websocket/im.test(head.toString("latin1"))) return undefined;
  return head.length;
}

function* frames(bytes: Buffer, start: number): Generator<ClearFrame> {
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
    const clear = isMasked ? unmasked(payload, bytes.subarray(body - 4, body)) : payload;
    yield { at, payload: clear };
    at = body + length;
  }
}

const unmasked = (payload: Buffer, mask: Buffer): Buffer =>
  Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0)));
