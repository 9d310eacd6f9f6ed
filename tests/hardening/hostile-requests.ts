/** One request as its bytes, and what of it is hostile. */
export interface HostileRequest {
  readonly name: string;
  readonly bytes: string;
  /** whether a page or resource may be served in answer; by default it must be refused */
  readonly mayServe?: boolean;
}

const lines = (...parts: readonly string[]) => `${parts.join("\r\n")}\r\n\r\n`;

const paths = ["/", "/style.css", "/health/../", "/i/x", "/v1/peers", "/v1/messages", "/v1/ws"];

const forgedHosts = (port: number): string[] => [
  "evil.example",
  `evil.example:${port}`,
  `localhost.evil.example:${port}`,
  `127.0.0.1.evil.example:${port}`,
  `127.0.0.1:${port}.evil.example`,
  `evil.example#127.0.0.1:${port}`,
  `127.0.0.1:${port}@evil.example`,
  `user@127.0.0.1:${port}`,
  `127.0.0.1:${port + 1}`,
  "127.0.0.1",
  "localhost",
  "0.0.0.0",
  `0x7f000001:${port}`,
  `2130706433:${port}`,
  `127.1:${port}`,
  `[::ffff:127.0.0.1]:${port}`,
  `localhost.:${port}`,
  `localhost:${port}, evil.example`,
  `"localhost:${port}"`,
  `localhost:${port}\t.evil`,
  "",
  "..",
  "a".repeat(4_000),
];

const forgedOrigins = (port: number): string[] => [
  "null",
  "https://evil.example",
  `http://evil.example:${port}`,
  `https://127.0.0.1:${port}.evil.example`,
  `http://localhost.evil.example:${port}`,
  `http://user@127.0.0.1:${port}`,
  `http://127.0.0.1:${port}/path`,
  `http://127.0.0.1:${port}@evil.example`,
  `http://127.0.0.1:${port + 1}`,
  "file://",
  "chrome-extension://abcdefghijklmnop",
  "javascript:alert(1)",
  "data:text/html,x",
  `ftp://127.0.0.1:${port}`,
  `http://127.0.0.1:${port}, http://evil.example`,
  "http://",
  "//evil.example",
  "*",
  "http://[::1",
  "\u00e9",
];

const hostilePaths = [
  "/..",
  "/../../etc/passwd",
  "/%2e%2e/%2e%2e/etc/passwd",
  "/..%2f..%2fetc%2fpasswd",
  "/..\\..\\windows\\win.ini",
  "/style.css/../../keys.json",
  "/keys.json",
  "/broker.db",
  "/.git/config",
  "/.env",
  "/%00",
  "/style.css%00.html",
  "/%",
  "/%zz",
  "/%ff%fe",
  "//evil.example/%2f..",
  "/i/",
  "/i/<script>alert(1)</script>",
  "/i/%3Cscript%3E",
  "/i/inv_00000000-0000-8000-8000-000000000000/..",
  `/i/${"a".repeat(8_000)}`,
  "/__proto__",
  "/constructor",
  "/v1/__proto__",
  "/v1/ops/__proto__",
  "/v1/ops/constructor",
  "/v1/ops/toString",
  "/v1/../v1/ws",
  "/v1/ops/message.send/../../..",
  "/v1/topics/%2e%2e/messages",
  "/v1/topics/%00/messages",
  "/v1/topics/%zz/messages",
  `/v1/topics/${"x".repeat(5_000)}/messages`,
  "/v1/topics/lab/stream?after=NaN",
  "/v1/topics/lab/messages?limit=1e309",
  "/v1/peers?__proto__[x]=1",
  `/v1/peers?${"a=1&".repeat(2_000)}`,
  "/v1/ws?x=%0d%0aSet-Cookie:%20a=b",
  "/?%0d%0aSet-Cookie:%20a=b",
  "/metrics/..",
  "/metrics%00",
  "/METRICS",
  "/health%2fready",
  "http://evil.example/",
  "http://127.0.0.1/v1/ws",
  "https://evil.example:443/v1/peers",
  "*",
  "evil.example:443",
  "?",
  "#",
];

const methods = [
  ...["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "MKCOL", "SEARCH"],
  ...["CONNECT", "PRI", "get", "GETT", "G ET", "\u0000GET", "M-SEARCH", "LINK"],
];

const hostileHeaders = [
  "X: \u0000",
  "X\u0000: y",
  ": empty name",
  "no colon",
  " folded: line",
  "Content-Length: -1",
  "Content-Length: 1e3",
  "Content-Length: 99999999999999999999",
  "Content-Length: 5\r\nContent-Length: 6",
  "Content-Length: 5\r\nTransfer-Encoding: chunked",
  "Transfer-Encoding: chunked, chunked",
  "Transfer-Encoding: gzip",
  "Transfer-Encoding : chunked",
  "Transfer-Encoding:\tchunked\u000b",
  "Expect: 100-continue",
  "Expect: the impossible",
  "Upgrade: websocket",
  "Connection: Upgrade\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
  "Connection: Upgrade\r\nUpgrade: nonsense",
  "Range: bytes=0-0,-1,5-2",
  "If-None-Match: *",
  "Cookie: __proto__=1",
  "Accept: \u00ff\u00fe",
  "Accept-Encoding: gzip;q=1000",
  "Authorization: Bearer",
  "Authorization: Bearer \u0000",
  "Authorization: Bearer cm_",
  `Authorization: Bearer cm_${"A".repeat(9_000)}`,
  "Authorization: Basic OjpbXQ==",
  "Authorization: Bearer a, Bearer b",
  "X-Forwarded-For: 127.0.0.1",
  "X-Forwarded-For: 127.0.0.1, ::1\r\nX-Forwarded-For: nonsense",
  "X-Forwarded-Host: evil.example",
  "X-HTTP-Method-Override: DELETE",
  "X-Request-Id: req_forged\u0007",
  `X-Long: ${"a".repeat(20_000)}`,
];

const handshake = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
];

const badHandshakes: readonly (readonly string[])[] = [
  ["Connection: Upgrade", "Upgrade: websocket"],
  ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"],
  [...handshake.slice(0, 2), "Sec-WebSocket-Version: 7", handshake[3] ?? ""],
  [...handshake.slice(0, 3), "Sec-WebSocket-Key: short"],
  [...handshake.slice(0, 3), `Sec-WebSocket-Key: ${"A".repeat(5_000)}`],
  [...handshake, "Sec-WebSocket-Protocol: ,,,"],
  [...handshake, "Sec-WebSocket-Protocol: a, a"],
  [...handshake, 'Sec-WebSocket-Extensions: permessage-deflate; x="'],
];

const requests = (port: number): HostileRequest[] => {
  const host = `Host: 127.0.0.1:${port}`;
  const close = "Connection: close";
  const get = (path: string, ...headers: readonly string[]) =>
    lines(`GET ${path} HTTP/1.1`, ...headers);
  return [
    ...forgedHosts(port).flatMap((forged, i) =>
      [paths[0], paths[i % paths.length], "/v1/ws"].map((path = "/") => ({
        name: `host ${forged.slice(0, 40)} at ${path}`,
        bytes: get(path, `Host: ${forged}`, ...(path === "/v1/ws" ? handshake : [close])),
      })),
    ),
    ...forgedOrigins(port).flatMap((origin) => [
      { name: `origin ${origin}`, bytes: get("/", host, `Origin: ${origin}`, close) },
      { name: `origin ${origin} at a route`, bytes: get("/v1/peers", host, `Origin: ${origin}`) },
      {
        name: `origin ${origin} at the socket`,
        bytes: get("/v1/ws", host, `Origin: ${origin}`, ...handshake),
      },
      {
        name: `preflight of ${origin}`,
        bytes: lines(
          "OPTIONS /v1/messages HTTP/1.1",
          ...[host, `Origin: ${origin}`, "Access-Control-Request-Method: POST", close],
        ),
      },
    ]),
    ...hostilePaths.map((path) => ({
      name: `path ${path.slice(0, 60)}`,
      bytes: get(path, host, close),
      mayServe: path === "?" || path === "#" || path.startsWith("/?"),
    })),
    ...methods.map((method) => ({
      name: `method ${method}`,
      bytes: lines(`${method} / HTTP/1.1`, host, close),
    })),
    ...hostileHeaders.flatMap((header) => [
      {
        name: `header ${header.slice(0, 60)}`,
        bytes: lines("GET / HTTP/1.1", host, header, close),
        mayServe: true,
      },
      {
        name: `header ${header.slice(0, 60)} with a body`,
        bytes: `${lines("POST /v1/messages HTTP/1.1", host, header, close)}0\r\n\r\n{`,
      },
    ]),
    ...badHandshakes.map((headers, i) => ({
      name: `handshake ${i}`,
      bytes: get("/v1/ws", host, ...headers),
      mayServe: i >= 5,
    })),
    { name: "no host", bytes: lines("GET / HTTP/1.1", close) },
    { name: "two hosts", bytes: lines("GET / HTTP/1.1", host, "Host: evil.example", close) },
    { name: "HTTP/0.9", bytes: "GET /\r\n\r\n" },
    { name: "HTTP/2 preface", bytes: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" },
    { name: "HTTP/9.9", bytes: lines("GET / HTTP/9.9", host) },
    { name: "bare line feeds", bytes: `GET / HTTP/1.1\n${host}\n\n`, mayServe: true },
    { name: "TLS", bytes: "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" },
    { name: "nothing", bytes: "" },
    { name: "zeros", bytes: "\u0000".repeat(1_000) },
    { name: "200 headers", bytes: get("/nowhere", host, ...manyHeaders(200), close) },
    { name: "64 KB of headers", bytes: get("/nowhere", host, ...manyHeaders(4_000), close) },
  ];
};

const manyHeaders = (count: number) => Array.from({ length: count }, (_, i) => `X-${i}: ${i}`);

export { requests as hostileRequests };
