import type { AddressInfo } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Settings } from '../shared/config/settings.js';

export const RESET_PAGE_PATH = '/reset-password';

/** What a server listens on to be reached by every address of its machine is none that a browser could open. */
const ANY_ADDRESS = new Set(['0.0.0.0', '::']);

/**
 * The link of a password reset. It is built from the settings alone: a link that followed the request's Host header
 * would carry the token to whoever sent the request.
 */
@Injectable()
export class PasswordResetLink {
  constructor(
    private readonly settings: Settings,
    private readonly adapter: HttpAdapterHost,
  ) {}

  /** The page's address with `token` added to the query parameters that it has. */
  to(token: string): string {
    const link = new URL(this.settings.passwordResetUrl ?? this.ownPage);
    link.searchParams.set('token', token);
    return link.href;
  }

  private get ownPage(): string {
    const { host } = this.settings;
    const name = ANY_ADDRESS.has(host) ? 'localhost' : host;
    return `http://${name.includes(':') ? `[${name}]` : name}:${this.port}${RESET_PAGE_PATH}`;
  }

  /** With PORT=0 only the socket knows it; where nothing listens (the command line) the setting has to do. */
  private get port(): number {
    // Without an HTTP server there is no adapter, whatever its type says.
    const server = (
      this.adapter.httpAdapter as HttpAdapterHost['httpAdapter'] | undefined
    )?.getHttpServer() as { address(): AddressInfo | string | null } | undefined;
    const address = server?.address();
    return typeof address === 'object' && address !== null ? address.port : this.settings.port;
  }
}
