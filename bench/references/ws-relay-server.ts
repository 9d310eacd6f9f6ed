// A bare ws relay: what one connection sends goes to all others, and nothing else is done.
import { WebSocket, WebSocketServer } from "ws";

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
server.on("connection", (socket) => {
  socket.on("message", (data, binary) => {
    for (const other of server.clients) {
      if (other !== socket && other.readyState === WebSocket.OPEN) other.send(data, { binary });
    }
  });
});
server.on("listening", () => {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  console.log(JSON.stringify({ url: `ws://127.0.0.1:${port}` }));
});
process.on("SIGTERM", () => process.exit(0));
