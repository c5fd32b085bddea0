import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** What a provider does with a message. A number is a status. */
export type Reaction = 'accept' | 'hang' | 'reset' | number;

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly at: number;
  readonly reaction: Reaction;
}

export interface HttpProvider {
  readonly url: string;
  /** Every request that came in, whatever was done with it. */
  readonly requests: ReceivedRequest[];
  /** Those that were accepted. */
  accepted(): ReceivedRequest[];
  /** How it reacts from now on. */
  react: (text: string) => Reaction | Promise<Reaction>;
  close(): Promise<void>;
}

interface HttpProviderOptions {
  readonly status: number;
  readonly body: (text: string) => object;
  readonly headers?: Record<string, string>;
}

/** A provider that is spoken to by HTTP: an SMS webhook's receiver, or Twilio. */
export async function startHttpProvider({
  status,
  body,
  headers,
}: HttpProviderOptions): Promise<HttpProvider> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const { method = '', url: path = '' } = request;
    const reaction = await provider.react(text);
    requests.push({ method, path, headers: request.headers, text, at: performance.now(), reaction });
    if (reaction === 'hang') return;
    if (reaction === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    const answer = JSON.stringify(reaction === 'accept' ? body(text) : { message: 'no', code: 21211 });
    response.writeHead(reaction === 'accept' ? status : reaction, {
      'Content-Type': 'application/json',
      ...headers,
    });
    response.end(answer);
  }

  const server = createServer((request, response) => void handle(request, response));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const provider: HttpProvider = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    accepted: () => requests.filter(({ reaction }) => reaction === 'accept'),
    react: () => 'accept',
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return provider;
}

export const webhookSecret = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;

/** The receiving end of SMS_PROVIDER=webhook. */
export function startWebhookReceiver(headers: Record<string, string> = {}): Promise<HttpProvider> {
  return startHttpProvider({ status: 202, body: () => ({ ok: true }), headers });
}

/** The settings by which SMS go to a receiver. */
export const webhookSettings = ({ url }: HttpProvider): Record<string, string> => ({
  SMS_PROVIDER: 'webhook',
  SMS_WEBHOOK_URL: url,
  SMS_WEBHOOK_SECRET: webhookSecret,
});

/** Speaks as much of Twilio's REST API as sending a message takes. */
export function startTwilio(): Promise<HttpProvider> {
  return startHttpProvider({
    status: 201,
    body: (text) => ({
      sid: `SM${'0'.repeat(32)}`,
      status: 'queued',
      to: new URLSearchParams(text).get('To'),
    }),
  });
}

export interface ReceivedMail {
  readonly from: string;
  readonly to: string[];
  /** By name in lower case, unfolded. */
  readonly headers: Map<string, string>;
  readonly text: string;
  readonly html: string;
  readonly raw: string;
}

export interface MailServer {
  /** To be handed to the application as SMTP_URL. */
  readonly url: string;
  readonly mails: ReceivedMail[];
  /** What it does at `RCPT TO`. */
  reactToRecipient: (address: string) => Reaction;
  /** What it does at the end of the data; a mail that it hangs or resets on is among `mails` all the same. */
  reactToData: (mail: ReceivedMail) => Reaction;
  close(): Promise<void>;
}

/** A mail server without TLS, on a port of its own. */
export async function startMailServer({
  port = 0,
  ...options
}: SMTPServerOptions & { port?: number } = {}): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();

  function act(reaction: Reaction, session: { id: string }, done: (error?: Error | null) => void): void {
    if (reaction === 'hang') return;
    if (reaction === 'reset') {
      void session;
      for (const socket of sockets) socket.resetAndDestroy();
      return;
    }
    done(reaction === 'accept' ? null : Object.assign(new Error('no'), { responseCode: reaction }));
  }

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    onRcptTo: ({ address }, session, done) => act(mailServer.reactToRecipient(address), session, done),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          ...parseMail(Buffer.concat(chunks).toString()),
        };
        mails.push(mail);
        act(mailServer.reactToData(mail), session, done);
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  const listening = server.listen(port, '127.0.0.1');
  listening.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await once(listening, 'listening');
  const mailServer: MailServer = {
    url: `smtp://127.0.0.1:${(listening.address() as AddressInfo).port}`,
    mails,
    reactToRecipient: () => 'accept',
    reactToData: () => 'accept',
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  return mailServer;
}

function parseMail(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html' | 'raw'> {
  const { headers, body } = split(raw);
  const boundary = /boundary="?([^";]+)"?/.exec(headers.get('content-type') ?? '')?.[1];
  const parts =
    boundary === undefined
      ? []
      : body
          .split(`--${boundary}`)
          .slice(1, -1)
          .map((part) => split(part.trimStart()));
  const part = (type: string): string => {
    const found = parts.find((one) => one.headers.get('content-type')?.startsWith(type));
    return found ? decode(found.body, found.headers.get('content-transfer-encoding')) : '';
  };
  return { headers, text: part('text/plain'), html: part('text/html'), raw };
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const end = raw.indexOf('\r\n\r\n');
  const headers = new Map<string, string>();
  for (const line of raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')) {
    const [name = '', ...value] = line.split(':');
    headers.set(name.toLowerCase(), value.join(':').trim());
  }
  return { headers, body: raw.slice(end + 4).replace(/\r\n$/, '') };
}

function decode(body: string, encoding = '7bit'): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body.replaceAll('\r\n', '\n');
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString().replaceAll('\r\n', '\n');
}
