import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A server that listens on a port of the system's choice, which is its own from then on: whoever needs the address for
 * its configuration makes the handler afterwards, `server.on('request', ...)`.
 */
export async function listeningServer(): Promise<{ server: Server; port: number; url: string }> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, 'localhost', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `http://localhost:${port}` };
}
