import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';

export interface RequestOptions {
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, with no Content-Type but that of `headers`. */
  rawBody?: string | Uint8Array;
  /** Sent as X-User-Token. */
  token?: string | undefined;
  /** An array sends the header several times. */
  headers?: Record<string, string | string[]>;
}

// Only the test knows what it is about to be answered.
// oxlint-disable-next-line typescript/no-explicit-any
type Unchecked = any;

export interface Answer<Body = Unchecked> {
  status: number;
  headers: Headers;
  /** The parsed JSON, or undefined where the answer is none. */
  body: Body;
  text: string;
}

type Send = <Body = Unchecked>(path: string, options?: RequestOptions) => Promise<Answer<Body>>;

export interface Client {
  get: Send;
  post: Send;
  put: Send;
  patch: Send;
  delete: Send;
  head: Send;
  options: Send;
  send<Body = Unchecked>(method: string, path: string, options?: RequestOptions): Promise<Answer<Body>>;
  /** Writes bytes to a bare connection, each chunk when its promise resolves, and returns all that comes back. */
  raw(...chunks: (string | Uint8Array | Promise<string | Uint8Array>)[]): Promise<string>;
}

/**
 * Not `fetch`, which tidies up paths and headers before they reach the server. Each request has a connection of its
 * own: one that is used again may be closed by the server just as the request is sent (ECONNRESET).
 */
export function client(baseUrl: string): Client {
  const { hostname, port } = new URL(baseUrl);

  async function send(method: string, path: string, options: RequestOptions = {}): Promise<Answer> {
    const { body, rawBody = body === undefined ? undefined : JSON.stringify(body), token, headers } = options;
    const outgoing = request({
      agent: false,
      hostname,
      port,
      method,
      path,
      headers: {
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { 'X-User-Token': token }),
        ...(rawBody !== undefined && { 'Content-Length': Buffer.byteLength(rawBody) }),
        ...headers,
      },
    });
    outgoing.end(rawBody);
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    return { status: incoming.statusCode!, headers: headersOf(incoming), body: parse(incoming, text), text };
  }

  async function raw(...chunks: (string | Uint8Array | Promise<string | Uint8Array>)[]): Promise<string> {
    const socket = connect(Number(port), hostname);
    const received: Buffer[] = [];
    socket.on('data', (chunk) => received.push(chunk));
    const closed = new Promise<void>((resolve, reject) => {
      socket.once('close', () => resolve());
      // A server that refuses what it is being sent may reset the connection after its answer.
      socket.once('error', (error) => (received.length > 0 ? resolve() : reject(error)));
    });
    await Promise.race([once(socket, 'connect'), closed]);
    for (const chunk of chunks) socket.write(await chunk);
    await closed;
    return Buffer.concat(received).toString();
  }

  const by =
    (method: string): Send =>
    (path, options) =>
      send(method, path, options);

  return {
    get: by('GET'),
    post: by('POST'),
    put: by('PUT'),
    patch: by('PATCH'),
    delete: by('DELETE'),
    head: by('HEAD'),
    options: by('OPTIONS'),
    send,
    raw,
  };
}

function headersOf({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let at = 0; at < rawHeaders.length; at += 2) headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
  return headers;
}

function parse({ headers }: IncomingMessage, text: string): unknown {
  return text !== '' && /^application\/([\w.-]+\+)?json\b/.test(headers['content-type'] ?? '')
    ? JSON.parse(text)
    : undefined;
}
